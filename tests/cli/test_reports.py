"""Reports as people ask for them: now, as of a past moment, saved and compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from streams import SEALED, Told, ledger_of
from views.conftest import story

from engine.cycle import events as c
from engine.cycle.parse import enveloped, stream_of
from engine.issue import events as i

WALL = datetime(2021, 9, 25, tzinfo=UTC)
READINGS = [("ledger", "lists"), ("ledger", "account"), ("ledger", "stats"), ("report",)]


@pytest.fixture
def shell(taizhang):
    """A command line over the ledger of two cycles, on 2021-09-25."""
    ledger_of(story("c-1", "x.1"), story("c-2", "x.2"), into=taizhang.parts.ledger())
    return taizhang.but(clock=lambda: WALL)


def more(shell, *told: Told):
    """Append what happened later."""
    versions = {}
    for r in shell.parts.ledger().read(limit=9999):
        versions[r.event.stream] = r.event.version
    for one in told:
        for event in one.events[3:]:
            stream = stream_of(event, one.name)
            versions[stream] = versions.get(stream, 0) + 1
            envelope = enveloped(
                event, cycle=one.name, version=versions[stream], command="later"
            )
            shell.parts.ledger().append([envelope])


@pytest.mark.parametrize("words", READINGS, ids=" ".join)
@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("as_of", [(), ("--as-of", "2021-08-31"), ("--as-of", "90")])
def test_every_reading_has_every_form_at_every_moment(shell, words, output, lang, as_of):
    done = shell(*words, "c-1", "-o", output, "--lang", lang, *as_of)

    assert (done.exit_code, done.stderr) == (0, "")


def test_a_report_of_a_past_day_equals_the_one_saved_on_that_day(shell, tmp_path):
    saved = str(tmp_path / "r.json")
    assert shell("report", "c-1", "--save", saved, "--by", "m01").exit_code == 0
    later = Told("c-1").on(2021, 9, 28).issue(i.IssueClaimed, 9, owner="m03")
    more(shell, later.on(2021, 9, 29).issue(i.IssueTransferred, 3, owner="m03", reason=SEALED))
    now = shell.but(clock=lambda: datetime(2021, 10, 2, tzinfo=UTC))

    again = now.data("report", "c-1", "--as-of", "2021-09-25")
    assert again == json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]
    assert now("report", "c-1", "--compare", saved).exit_code == 0
    done = now("report", "c-1", "--compare", saved, "--as-of", "2021-09-28", "--lang", "en")
    assert done.exit_code == 1
    assert "day: saved 2021-09-25, computed again 2021-09-28" in done.stderr.splitlines()
    assert any(line.startswith("annexes.issues[9].claimant:") for line in
               done.stderr.splitlines())  # fmt: skip


def test_a_report_saved_at_noon_is_compared_at_its_own_position(shell, tmp_path):
    saved = str(tmp_path / "r.json")
    shell("report", "c-1", "--save", saved, "--by", "m01")
    more(shell, Told("c-1").on(2021, 9, 25).issue(i.IssueClaimed, 9, owner="m03"))

    assert shell("report", "c-1", "--compare", saved).exit_code == 0
    assert shell("report", "c-1", "--compare", saved, "--as-of", "2021-09-25").exit_code == 1


def test_a_changed_report_is_told_line_by_line(shell, tmp_path):
    file = tmp_path / "r.json"
    shell("report", "c-1", "--save", str(file), "--by", "m01")
    body = json.loads(file.read_text("utf-8"))
    body["report"]["tally"]["counts"]["closed"] = 9
    file.write_text(json.dumps(body), "utf-8")
    done = shell("report", "c-1", "--compare", str(file))

    assert (done.exit_code, done.stderr) == (
        1, "tally.counts.closed:存档为 9,重算为 2\n",
    )  # fmt: skip


def test_what_is_no_report_is_said_so(shell, tmp_path):
    (tmp_path / "r.json").write_text("{}", "utf-8")

    assert shell("report", "c-1", "--compare", str(tmp_path / "r.json")).exit_code == 1
    assert shell("report", "c-1", "--compare", str(tmp_path / "none.json")).exit_code == 1


def test_a_report_of_a_turned_calendar_goes_by_that_calendar(taizhang, tmp_path):
    body = {
        "by": "s", "cycle": "r-1", "unit": "u", "meeting_on": "2021-07-30",
        "rehearsal_from": "2021-07-01T01:00:00Z",
        "people": [{"id": "s", "roles": ["branch_secretary"]},
                   {"id": "sup", "roles": ["superior_officer"]}],
    }  # fmt: skip
    (tmp_path / "open.json").write_text(json.dumps(body))
    saved = str(tmp_path / "r.json")
    turn = '{"to": "2021-07-05T01:00:00Z"}'
    plan = '{"content": {"text": "方案"}}'
    assert taizhang("cycle", "open", str(tmp_path / "open.json")).exit_code == 0
    taizhang("cycle", "do", "r-1", "file_plan", "--by", "s", "--json", plan)
    assert taizhang("report", "r-1", "--save", saved, "--by", "m01").exit_code == 0
    assert taizhang("cycle", "do", "r-1", "advance_clock", "--by", "s", "--json",
                    turn).exit_code == 0  # fmt: skip
    taizhang("cycle", "do", "r-1", "accept_filing", "--by", "sup")

    assert taizhang.data("report", "r-1")["day"] == "2021-07-05"
    again = taizhang("report", "r-1", "--compare", saved, "--as-of", "2021-07-01")
    assert (again.exit_code, again.stderr) == (0, "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_printed_report_has_every_part_and_no_sealed_text(shell, lang):
    printed = shell("report", "c-1", "-o", "markdown", "--by", "m01", "--lang", lang).stdout
    titles = [line for line in printed.splitlines() if line.startswith("#")]

    assert len(titles) == 13
    assert "sealed:" not in printed
    widths = {line.count(" | ") for line in printed.split("\n\n")[1].splitlines()}
    assert len(widths) == 1


def test_a_text_is_printed_for_a_reader_who_is_recorded(taizhang):
    vault = taizhang.parts.vault()
    sealed = vault.seal("窗口等候|时间过长", subject="c-3", by="m01")
    ledger_of(Told("c-3").on(2021, 7, 12).found(1, content=sealed),
              into=taizhang.parts.ledger())  # fmt: skip
    shell = taizhang.but(clock=lambda: WALL)
    asked = ("report", "c-3")

    assert "窗口" not in shell(*asked).stdout
    assert not vault.reads()
    read = shell(*asked, "--reader", "m01", "--purpose", "report").stdout
    assert "窗口等候|时间过长" in read
    assert [(r.reader, r.purpose) for r in vault.reads()] == [("m01", "report")]


def test_numbers_show_their_parts(shell):
    stats = shell("ledger", "stats", "c-1", "--lang", "en").stdout

    assert "closure rate" in stats
    assert "87.7%" in stats
    assert shell.data("ledger", "stats", "c-1")["rates"]["closure"] == {
        "numerator": 2, "denominator": 5, "percent": "40%",
    }  # fmt: skip


@pytest.mark.parametrize("chosen", [("--all",), ("--units", "x."), ("--units", "x.2")])
@pytest.mark.parametrize("output", ["table", "json", "markdown"])
def test_several_cycles_add_up(shell, chosen, output):
    done = shell("report", *chosen, "-o", output, "--by", "m01")

    assert (done.exit_code, done.stderr) == (0, "")
    if output == "json":
        body = json.loads(done.stdout)
        closed = [child["tally"]["counts"]["closed"] for child in body["children"]]
        assert body["total"]["counts"]["closed"] == sum(closed)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report",), 2),
        (("report", "c-1", "--all"), 2),
        (("report", "--all", "--compare", "x"), 2),
        (("report", "c-1", "--as-of", "yesterday"), 2),
        (("report", "nowhere"), 1),
        (("report", "c-1", "--as-of", "2021-09-26"), 1),
        (("report", "c-1", "--as-of", "99999"), 1),
        (("report", "c-1", "--save", "/nowhere/r.json", "--by", "m01"), 1),
        (("report", "c-1", "--save", "r.json"), 1),
        (("report", "c-1", "--as-of", "2021-06-30"), 1),
        (("report", "--all", "--as-of", "2021-09-26"), 1),
        (("ledger", "account", "nowhere"), 1),
        (("ledger", "lookback", "nowhere"), 1),
    ],
)
def test_what_cannot_be_told_is_refused(shell, words, code):
    done = shell(*words)

    assert done.exit_code == code
    assert done.stderr


@pytest.mark.parametrize("output", ["table", "json", "ids"])
def test_a_false_draw_ends_with_1(shell, output):
    assert shell("ledger", "lookback", "c-1", "-o", output).exit_code == 0
    drawn = (
        Told("c-1")
        .on(2021, 9, 25)
        .cycle(
            c.LookBackDrawn, "engine", seed="c-1@1", population=(1, 2), key=(2,), sampled=(1,)
        )
    )
    more(shell, drawn)

    assert shell("ledger", "lookback", "c-1", "-o", output).exit_code == 1
