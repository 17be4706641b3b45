"""What people read, as table, as JSON and as ids, in both languages."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from string import Formatter
from typing import get_args

import pytest

from engine.cli.words import Words, catalogue
from engine.cycle.events import AnyEvent
from engine.cycle.state import Status
from engine.issue.state import Status as IssueStatus
from engine.notices.digests import State
from engine.policy.roles import MAY

NAME = "nanzhang-2021"
LISTING = [
    ("cycle", "list"),
    ("cycle", "show", NAME),
    ("cycle", "history", NAME),
    ("issue", "list", NAME),
    ("issue", "show", NAME, "4"),
    ("issue", "history", NAME, "4"),
    ("ledger", "lists", NAME),
    ("ledger", "account", NAME),
    ("ledger", "stats", NAME),
    ("ledger", "lookback", NAME),
    ("ledger", "verify"),
    ("notices", "list"),
    ("plan", "explain", NAME),
    ("plugins", "list"),
]


@pytest.mark.parametrize("words", LISTING, ids=" ".join)
@pytest.mark.parametrize("output", ["table", "json", "ids"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reading_has_every_form_in_both_languages(played, words, output, lang):
    done = played(*words, "-o", output, "--lang", lang)

    assert (done.exit_code, done.stderr) == (0, "")


def test_the_cycle_is_archived_with_all_its_issues_closed(played):
    (row,) = played.data("cycle", "list")

    assert (row["cycle"], row["status"], row["issues"], row["closed"]) == (
        NAME,
        "archived",
        8,
        8,
    )
    assert played.data("cycle", "show", NAME)["status"] == "archived"


def values(told):
    """Every text and number in ``told``, however deep."""
    if isinstance(told, dict):
        return [*told.keys(), *(v for each in told.values() for v in values(each))]
    return [v for each in told for v in values(each)] if isinstance(told, list) else [told]


def test_how_a_cycle_stands_is_told_without_a_word_about_who_criticised_whom(played):
    told = played.data("cycle", "show", NAME)
    state = played.parts.readings().cycle(NAME)

    assert told["criticisms"] == len(state.criticisms) > 0
    assert told["issues"][0] == {"issue": 1, "status": "closed", "severity": "normal"}
    assert not set(values(told)) & set(state.people)
    assert not {"people", "talks_of", "exempt", "proposals", "required_talks"} & set(told)


def test_how_an_issue_stands_does_not_tell_who_is_criticised_or_by_whom(played):
    state = played.parts.readings().cycle(NAME)
    (number, *_) = [issue.number for issue in state.issues if issue.critics and issue.subject]
    told = played.data("issue", "show", NAME, str(number))

    assert (told["number"], told["status"], told["missing"]) == (number, "closed", [])
    assert not {"subject", "critics", "criticism", "past_owners"} & set(told)
    assert not set(values(told)) & {*state.issues[number - 1].critics}


def test_the_three_lists_name_the_same_issues_in_the_same_order(played):
    lists = played.data("ledger", "lists", NAME)
    numbers = [row["issue"] for row in lists["issues"]]

    assert numbers == [row["issue"] for row in lists["duties"]] == list(range(1, 9))
    assert list(dict.fromkeys(row["issue"] for row in lists["measures"])) == numbers
    assert lists["position"] == played.parts.ledger().head().position


def test_texts_of_the_lists_stay_sealed_without_a_reader(played):
    assert "窗口等候时间过长" not in played("ledger", "lists", NAME).stdout
    assert "窗口等候时间过长" in played("ledger", "lists", NAME, "--reader", "m01").stdout


def test_the_history_of_an_issue_shows_that_the_public_said_no(played):
    kinds = [row["kind"] for row in played.data("issue", "history", NAME, "4")]
    again = ["CalledBack", "MeasureDone", "SignOffApplied", "MassReviewCounted"]
    after = kinds[kinds.index("MassRejected") + 1 :]

    assert kinds.count("MassRejected") == kinds.count("IssueClosed") == 1
    assert [kind for kind in after if kind in again] == again
    assert after[-3:] == ["IssueClosed", "LookBackDue", "LookBackDone"]


def test_the_plan_says_which_plugin_added_what(played):
    plan = played.data("plan", "explain", NAME)
    local = {step["step"] for step in plan["steps"] if step["plugin"] == "open_door"}

    assert local == {"open_door.invitations", "open_door.speeches"}


def test_the_ledger_is_written_out_line_by_line(played, tmp_path):
    known = played.parts.ledger().head().position
    mark, *lines = played("ledger", "export", "--by", "m01").stdout.splitlines()

    assert len(lines) == json.loads(mark)["export"]["position"] == known
    file = tmp_path / "out.jsonl"
    assert played("ledger", "export", str(file), "--by", "m01").exit_code == 0
    assert file.read_text("utf-8").splitlines()[1 : known + 1] == lines


def test_a_rebuild_finds_the_same_rows(played):
    assert played("ledger", "rebuild").exit_code == 0


def test_an_issue_that_is_not_there_is_said_so(played):
    done = played("issue", "show", NAME, "99")

    assert (done.exit_code, done.stderr) == (1, f"{NAME} 没有第 99 号问题\n")


def test_both_languages_have_the_same_phrases_with_the_same_places():
    zh, en = catalogue("zh"), catalogue("en")

    assert zh.keys() == en.keys()
    assert [k for k in zh if places(zh[k]) != places(en[k])] == []


def places(phrase):
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_event_and_status_has_a_word(lang):
    events = [kind.model_fields["kind"].default for kind in get_args(AnyEvent)]
    wanted = {
        "act": MAY, "event": events, "status": get_args(Status),
        "issue_status": get_args(IssueStatus), "notice_state": get_args(State),
    }  # fmt: skip
    raw = tomllib.loads((files("engine.cli") / "phrases" / f"{lang}.toml").read_text("utf-8"))

    assert [(g, v) for g, values in wanted.items() for v in values if v not in raw[g]] == []


def test_half_a_line_is_taken_by_language():
    assert Words("zh").half("中 | en") == "中"
    assert Words("en").half("中 | en") == "en"
    assert Words("en").half("only one") == "only one"


def test_a_head_noted_earlier_tells_whether_the_tail_was_cut(played):
    head = played.data("ledger", "verify")["head"]
    noted = f"{head['position']}:{head['hash']}"

    assert noted in played("ledger", "verify", "--expect", noted).stdout
    cut = played("ledger", "verify", "--expect", f"{head['position'] + 1}:{head['hash']}")
    assert (cut.exit_code, "cut off" in cut.stderr) == (1, True)
    assert played("ledger", "verify", "--expect", "yesterday").exit_code == 2


def test_views_that_read_further_than_the_ledger_goes_tell_of_a_cut_tail(played):
    class Ahead:
        def reached(self):
            return 99_999

    done = played.but(readings=Ahead)("ledger", "verify")

    assert (done.exit_code, "99999" in done.stderr) == (1, True)
