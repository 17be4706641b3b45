"""The demo tells a story, ends with the ledger's own words, and is held to its file."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from engine.cli.parts import Running
from engine.scenario.load import find


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            [
                "三、开会",
                "代表 g6 尚未发言",
                "邀请 6 人,发言 6 人",
                "核验通过",
                "窗口等候时间过长",
            ],
        ),
        (
            "en",
            ["3. The meeting", "g6 has not spoken", "6 invited, 6 spoke", "the chain holds"],
        ),
    ],
)
def test_it_tells_phases_refusals_lists_and_the_verdict(taizhang, lang, said):
    done = taizhang("demo", "--lang", lang)

    assert done.exit_code == 0
    assert [words for words in said if words not in done.stdout] == []


def test_its_summary_has_the_numbers_of_the_cycle(taizhang, tmp_path):
    taizhang("demo", "nanzhang", "--json", str(tmp_path / "out.json"))
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))

    assert (told["status"], told["invited"], told["spoke"]) == ("archived", 6, 6)
    assert (told["counts"]["closed"], told["counts"]["measures"]) == (8, 10)
    assert len(told["lists"]["issues"]) == len(told["lists"]["duties"]) == 8
    assert told["verify"]["ok"]
    assert told["digest"] == told["verify"]["head"]["hash"]
    closing = next(r for r in told["refusals"] if r["command"] == "close_meeting")
    assert closing["facts"][0]["guest"] == "g6"


def test_the_summary_has_no_text_of_the_scenario(taizhang, tmp_path):
    taizhang("demo", "nanzhang", "--json", str(tmp_path / "out.json"))

    assert "窗口等候时间过长" not in (tmp_path / "out.json").read_text("utf-8")


def test_a_second_demo_is_a_second_cycle(taizhang):
    taizhang("demo")
    done = taizhang("demo")

    assert done.exit_code == 0
    assert taizhang("cycle", "list", "-o", "ids").stdout.split() == [
        "nanzhang-2021",
        "nanzhang-2021-2",
    ]


def test_reading_the_texts_is_on_record(played):
    reads = played.parts.vault().reads()

    assert {(read.reader, read.purpose) for read in reads} == {("m01", "rectify")}


def test_a_failed_expectation_is_told_with_both_values(taizhang, tmp_path):
    text = find("nanzhang").read_text("utf-8").replace("closed: 8", "closed: 9", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    done = taizhang("demo", str(tmp_path / "other.yaml"))

    assert (done.exit_code, done.stderr) == (1, "counts.closed:应为 9,实为 8\n")


def test_an_answer_off_the_script_ends_with_1(taizhang, tmp_path):
    text = find("nanzhang").read_text("utf-8").replace("refused: [already_claimed]", "", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    done = taizhang("demo", str(tmp_path / "other.yaml"))

    assert done.exit_code == 1
    assert "claim_issue" in done.stderr


def test_a_snapshot_is_in_the_summary_and_held_to_what_it_expects(taizhang, tmp_path):
    snapshot = "  - snapshot: A\n    day: 18\n    expect: {counts: {found: 3}, spoke: 0}\n\n"
    text = find("nanzhang").read_text("utf-8")
    text = text.replace("  # 开会\n", f"  # 开会\n{snapshot}", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    done = taizhang("demo", str(tmp_path / "other.yaml"), "--json", str(tmp_path / "out.json"))
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))

    assert (done.exit_code, done.stderr) == (1, "A counts.found:应为 3,实为 0\n")
    assert told["snapshots"]["A"]["nanzhang-2021"]["status"] == "ready"


@pytest.mark.parametrize(
    ("asked", "written", "used"),
    [
        ((), "real", "real"),
        ((), "time_skipping", "time_skipping"),
        (("--server", "time-skipping"), "real", "time_skipping"),
        (("--server", "real"), "time_skipping", "real"),
    ],
)
def test_the_command_line_overrules_the_server_of_the_file(
    taizhang, tmp_path, asked, written, used
):
    text = find("nanzhang").read_text("utf-8").replace("server: real", f"server: {written}", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    staged = []

    @contextmanager
    def stage(server):
        staged.append(server)
        yield Running(parts=taizhang.parts, address="127.0.0.1:1", ui="")

    done = taizhang.but(stage=stage)("demo", str(tmp_path / "other.yaml"), *asked)

    assert (done.exit_code, staged) == (0, [used])
    assert "没有页面" in done.stdout
