"""Each command ends truly: 0 done, 1 refused, 2 usage, 3 unreachable; a line a reason."""

from __future__ import annotations

import json

import pytest

from engine.cli.app import build
from engine.cli.parts import Stopped
from engine.ledger.port import LedgerUnavailableError

OPENED = "nanzhang-2021"
PLAN = '{"content": {"text": "方案"}}'


@pytest.fixture
def opened(taizhang):
    done = taizhang("cycle", "open", "nanzhang")
    assert done.exit_code == 0, done.stderr
    return taizhang


def test_a_command_is_sealed_on_the_way_and_recorded(opened):
    done = opened(
        "cycle", "do", OPENED, "file_plan", "--by", "m01", "--json", PLAN, "--id", "c1"
    )

    assert (done.exit_code, done.stdout) == (0, "已受理:方案已报(命令号 c1)\n")
    last = opened.parts.ledger().read(limit=9999)[-1].event
    assert last.data["content"].startswith("sealed:")
    assert (
        opened.parts.vault().open(last.data["content"], reader="m01", purpose="review")
        == "方案"
    )


def test_another_ones_command_id_repeated_tells_nothing_of_the_text_behind_it(opened):
    def sent(by, text):
        body = json.dumps({"content": {"text": text}})
        return opened(
            "cycle", "do", OPENED, "file_plan", "--by", by, "--json", body, "--id", "c1"
        )

    first = sent("m01", "方案")
    before = opened.parts.ledger().head()
    right, wrong, own = sent("m08", "方案"), sent("m08", "猜的"), sent("m01", "改过的")

    assert (right.exit_code, right.stdout, right.stderr) == (
        wrong.exit_code, wrong.stdout, wrong.stderr,
    )  # fmt: skip
    assert (own.exit_code, own.stderr) == (1, right.stderr)
    assert right.stderr.endswith("[command_id_reused]\n")
    assert (sent("m01", "方案").stdout, opened.parts.ledger().head()) == (first.stdout, before)
    assert opened.parts.vault().reads() == []


def test_fields_come_from_a_file_or_from_stdin(opened, tmp_path):
    (tmp_path / "plan.json").write_text(PLAN, "utf-8")
    plan = (
        "cycle",
        "do",
        OPENED,
        "file_plan",
        "--by",
        "m01",
        "--id",
        "c1",
        "-o",
        "json",
        "--file",
    )
    first = opened(*plan, str(tmp_path / "plan.json"))

    assert json.loads(first.stdout)["events"] == ["PlanFiled"]
    again = opened(
        "cycle", "do", OPENED, "accept_filing", "--by", "sup", "--file", "-", stdin="{}"
    )
    assert again.exit_code == 0


@pytest.mark.parametrize(
    ("kind", "by", "body", "reasons"),
    [
        ("file_plan", "m02", PLAN, ["not_permitted"]),
        ("file_plan", "m99", PLAN, ["unknown_person"]),
        ("accept_filing", "sup", "{}", ["wrong_status"]),
        ("file_plans", "m01", "{}", ["bad_command"]),
        (
            "file_plan",
            "m01",
            '{"content": "plain", "extra": 1}',
            ["bad_command", "bad_command"],
        ),
        ("open_meeting", "m02", "{}", ["bad_command"] * 3),
    ],
)
def test_a_refusal_is_one_line_a_reason_with_its_code(opened, kind, by, body, reasons):
    before = opened.parts.ledger().head()
    done = opened("cycle", "do", OPENED, kind, "--by", by, "--json", body)

    assert done.exit_code == 1
    assert [line.rsplit("[")[-1][:-1] for line in done.stderr.splitlines()] == reasons
    assert opened.parts.ledger().head() == before


def test_refusals_come_in_english_too(opened):
    done = opened(
        "cycle", "do", OPENED, "file_plan", "--by", "m02", "--json", PLAN, "--lang", "en"
    )

    assert (
        done.stderr
        == "m02 may not file_plan; it takes one of: branch_secretary [not_permitted]\n"
    )


@pytest.mark.parametrize("text", [r"\ud800", r"a\u0000b", " ", "长" * 6000])
def test_a_text_that_cannot_be_kept_is_refused_by_its_field(opened, text):
    body = f'{{"content": {{"text": "{text}"}}}}'
    done = opened("cycle", "do", OPENED, "file_plan", "--by", "m01", "--json", body)

    assert done.exit_code == 1
    assert done.stderr.startswith("content: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("body", ["[1]", "{", '"text"', "nul"])
def test_what_is_no_json_object_is_wrong_usage(opened, body):
    done = opened("cycle", "do", OPENED, "file_plan", "--by", "m01", "--json", body)

    assert done.exit_code == 2


def test_bytes_that_are_no_utf8_are_wrong_usage(opened):
    words = ("cycle", "do", OPENED, "file_plan", "--by", "m01", "--file", "-")

    assert opened(*words, stdin=b'{"content": "\xff"}').exit_code == 2


@pytest.mark.parametrize("cycle", ["nowhere", "../x", "周期"])
def test_an_unknown_cycle_is_said_so(opened, cycle):
    done = opened("cycle", "do", cycle, "accept_filing", "--by", "sup")

    assert done.exit_code == 1
    assert cycle in done.stderr
    assert opened("cycle", "show", cycle).exit_code == 1
    assert opened("cycle", "history", cycle).exit_code == 1


def test_without_a_server_one_sentence_says_what_to_do(taizhang):
    done = taizhang.without_server()("cycle", "do", OPENED, "accept_filing", "--by", "sup")

    assert done.exit_code == 3
    assert done.stderr == "连不上 Temporal 服务(127.0.0.1:7233);请先运行 taizhang up,再重试\n"


def test_without_a_database_one_sentence_says_so(taizhang):
    def absent():
        raise LedgerUnavailableError("away")

    done = taizhang.but(ledger=absent, readings=absent)("ledger", "verify", "--lang", "en")

    assert done.exit_code == 3
    assert done.stderr.count("\n") == 1


def test_a_part_that_stops_says_why_in_the_readers_language(taizhang):
    def busy(*_):
        raise Stopped("数据文件夹正被使用 | the data folder is in use")

    done = taizhang.but(up=busy)("up", "--lang", "en")
    assert (done.exit_code, done.stderr) == (1, "the data folder is in use\n")


def test_the_stack_goes_up_on_the_ports_that_are_asked_for(taizhang):
    asked = []
    started = taizhang.but(up=lambda _, *ports: asked.append(ports))

    started("up")
    started("up", "--port", "0", "--ui-port", "8300")

    assert asked == [(7233, 8233), (0, 8300)]


def test_a_command_that_does_not_exist_is_wrong_usage(taizhang):
    assert taizhang("cycles").exit_code == 2
    assert taizhang("cycle", "do", OPENED).exit_code == 2
    assert taizhang("cycle", "list", "-o", "xml").exit_code == 2


def test_replay_says_which_history_failed(taizhang, tmp_path):
    for name in ("good", "bad"):
        (tmp_path / f"{name}.json").write_text("{}")
    good, bad = str(tmp_path / "good.json"), str(tmp_path / "bad.json")

    assert taizhang("replay", good).exit_code == 0
    done = taizhang("replay", good, bad)
    assert (done.exit_code, done.stderr) == (1, f"{bad}: x\n")
    assert taizhang("replay", str(tmp_path / "none.json")).exit_code == 1


def test_a_scenario_is_checked_without_sending_anything(taizhang, tmp_path):
    assert taizhang("scenario", "check", "nanzhang").exit_code == 0
    (tmp_path / "bad.yaml").write_text("cycle: 1", "utf-8")
    done = taizhang("scenario", "check", str(tmp_path / "bad.yaml"))

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) > 3
    assert taizhang("scenario", "check", "nowhere").exit_code == 1


def test_a_cycle_opens_from_json_and_names_every_wrong_field(taizhang, tmp_path):
    body = {
        "by": "s", "cycle": "c-1", "unit": "u", "meeting_on": "2021-07-30",
        "people": [{"id": "s", "roles": ["branch_secretary"]}],
    }  # fmt: skip
    (tmp_path / "good.json").write_text(json.dumps(body))
    (tmp_path / "bad.json").write_text(json.dumps({**body, "unit": "Ü", "extra": 1}))

    assert taizhang("cycle", "open", str(tmp_path / "good.json")).exit_code == 0
    done = taizhang("cycle", "open", str(tmp_path / "bad.json"))
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 2)


def test_the_format_of_a_scenario_is_printed_as_a_schema(taizhang):
    schema = json.loads(taizhang("scenario", "schema").stdout)

    assert {"units", "start", "acts", "expect"} <= schema["properties"].keys()
    assert "with" in schema["$defs"]["Act"]["properties"]


def test_a_cycle_the_ledger_knows_is_not_opened_again(opened):
    again = opened("cycle", "open", "nanzhang")

    assert again.exit_code == 1
    assert OPENED in again.stderr


def test_words_that_are_not_utf8_are_named_and_nothing_is_done(taizhang, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["taizhang", "cycle", "show", "\udcff"])

    assert build(taizhang.parts) == 2
    assert "UTF-8" in capsys.readouterr().err
