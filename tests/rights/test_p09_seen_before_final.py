"""P09: the subject sees a criticism and a verdict before they are final, and may answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cycle.stages import NOW, SEALED, after, codes
from pydantic import ValidationError
from rights.ground import (
    IN_TIME,
    TOO_LATE,
    answered,
    criticised,
    criticising,
    ended,
    evaluated,
    proposed,
    told,
)

from engine.cycle.decide import decide
from engine.cycle.parse import parse
from engine.policy.pack import Rights, load_pack

OTHER = f"sealed:{'5' * 32}:{'6' * 64}"
CRITICISM = criticised(1, "m04", "m02")


def test_p09_lists_with_an_unanswered_criticism_are_not_complete_within_its_window():
    state = ended(*CRITICISM)

    assert codes(state, "complete_lists", "m01", now=IN_TIME) == ["criticisms_not_final"]
    assert "lists" in after(state, ("complete_lists", "m01", {}), now=TOO_LATE).recorded


@pytest.mark.parametrize("reply", ["accepted", "explained"])
def test_p09_an_answer_ends_the_window(reply):
    state = after(ended(*CRITICISM), answered(1, "m02", reply))

    assert "lists" in after(state, ("complete_lists", "m01", {}), now=IN_TIME).recorded


def test_p09_no_issue_is_found_in_a_criticism_that_is_not_final():
    found = {
        "content": SEALED, "category": "xue", "sources": ["criticism"], "criticism": 1,
        "subject_kind": "member", "subject": "m02", "critics": ["m04"],
    }  # fmt: skip
    state = ended(*CRITICISM)

    assert codes(state, "find_issue", "m03", now=IN_TIME, **found) == ["criticisms_not_final"]
    later = after(state, ("find_issue", "m03", found), now=TOO_LATE)
    assert later.issue(1).criticism == 1
    unknown = {**found, "criticism": 2}
    assert codes(state, "find_issue", "m03", now=TOO_LATE, **unknown) == ["no_such_item"]


OUT_OF_CRITICISM = {
    "content": SEALED, "category": "xue", "sources": ["criticism"],
    "subject_kind": "member", "subject": "m02",
}  # fmt: skip


@pytest.mark.parametrize("reply", [None, "contested", "accepted"])
def test_p09_an_issue_out_of_criticism_names_the_item_whatever_became_of_it(reply):
    state = ended(*criticised(1, "m04", "m02", reply))

    without = codes(state, "find_issue", "m03", **OUT_OF_CRITICISM)
    assert without == ["criticism_not_named"]
    every = {**OUT_OF_CRITICISM, "subject": None, "critics": ["nobody"]}
    assert codes(state, "find_issue", "m03", **every) == [
        "unknown_person", "field_missing", "criticism_not_named",
    ]  # fmt: skip


def test_p09_no_issue_is_found_in_a_criticism_that_its_critic_has_not_confirmed():
    taken = criticised(1, "m04", "m02")[:1]
    state = criticising(*taken)
    found = {**OUT_OF_CRITICISM, "criticism": 1}

    assert codes(state, "find_issue", "m03", now=TOO_LATE, **found) == ["criticisms_not_final"]
    held_again = replace(state, status="rectifying")  # where nobody can confirm it any more
    lists = after(held_again, ("complete_lists", "m01", {}), now=TOO_LATE).recorded
    assert "lists" in lists


def test_p09_the_criticism_of_one_is_not_named_for_an_issue_about_another():
    state = ended(*criticised(1, "m04", "m02", "accepted"))
    other = {**OUT_OF_CRITICISM, "criticism": 1, "subject": "m03"}

    assert codes(state, "find_issue", "m01", **other) == ["not_permitted"]
    assert codes(state, "find_issue", "m04", **other) == ["criticism_of_another"]
    branch = {**other, "subject_kind": "branch", "subject": None}
    assert after(state, ("find_issue", "m03", branch)).issue(1).criticism == 1


def test_p09_a_cycle_of_the_second_edition_need_not_name_the_item():
    rights = load_pack().rights.model_copy(update={"edition": 2})
    before = load_pack().model_copy(update={"rights": rights})
    taken = criticised(1, "m04", "m02")[:1]
    state = criticising(*taken, policy=before)

    assert after(state, ("find_issue", "m03", OUT_OF_CRITICISM)).issue(1).criticism is None
    named = {**OUT_OF_CRITICISM, "criticism": 1}
    assert after(state, ("find_issue", "m03", named)).issue(1).criticism == 1


def test_p09_a_verdict_is_shown_before_it_is_told():
    assert codes(evaluated(), *told("m03")[:2], **told("m03")[2]) == ["verdict_not_proposed"]


def test_p09_another_grade_than_the_one_shown_is_not_told():
    state = after(evaluated(), proposed("m03"))
    other = told("m03", grade="unqualified")

    assert codes(state, *other[:2], now=TOO_LATE, **other[2]) == ["verdict_not_proposed"]


def test_p09_a_verdict_is_not_told_within_the_window():
    state = after(evaluated(), proposed("m03"))

    assert codes(state, *told("m03")[:2], now=IN_TIME, **told("m03")[2]) == [
        "reply_window_open"
    ]
    assert after(state, told("m03"), now=TOO_LATE).told == ("m03",)


def test_p09_whoever_accepts_is_told_at_once():
    state = after(
        evaluated(), proposed("m03"), ("reply_to_verdict", "m03", {"outcome": "accepted"})
    )

    assert after(state, told("m03")).told == ("m03",)


def test_p09_only_the_member_answers_and_only_once():
    state = after(evaluated(), proposed("m03"))

    assert codes(state, "reply_to_verdict", "m04", outcome="accepted") == [
        "verdict_not_proposed"
    ]
    state = after(state, ("reply_to_verdict", "m03", {"outcome": "accepted"}))
    assert codes(state, "reply_to_verdict", "m03", outcome="contested") == ["already_done"]


def test_p09_a_policy_cannot_make_the_window_shorter_than_three_working_days():
    assert load_pack().rights.reply_working_days == 3
    with pytest.raises(ValidationError):
        Rights(reply_working_days=2)


def test_p09_what_is_told_is_what_was_shown_and_somebody_else_tells_it():
    accepted = ("reply_to_verdict", "m02", {"outcome": "accepted"})
    state = after(evaluated(), proposed("m02", by="m01"), accepted)
    telling, _, words = told("m02")
    (event,) = decide(state, parse(telling, {"by": "m01", **words}), now=NOW)

    assert event.content == SEALED
    assert codes(state, telling, "m01", **words, content=OTHER) == ["told_as_shown"]
    assert codes(state, telling, "m02", **words) == ["own_verdict"]
    assert after(state, (telling, "sup", words)).told == ("m02",)


def test_p09_a_cycle_opened_before_tells_a_verdict_in_words_of_its_own():
    rights = load_pack().rights
    before = load_pack().model_copy(update={"rights": rights.model_copy(update={"edition": 1})})
    accepted = ("reply_to_verdict", "m02", {"outcome": "accepted"})
    state = after(evaluated(policy=before), proposed("m02", by="m01"), accepted)
    telling, by, words = told("m02", content=OTHER)
    (event,) = decide(state, parse(telling, {"by": by, **words}), now=NOW)

    assert event.content == OTHER
    assert codes(state, *told("m02")[:2], **told("m02")[2]) == ["field_missing"]


def test_p09_a_cycle_pinned_without_rights_keeps_its_rules():
    off = load_pack().model_copy(update={"rights": None})
    state = evaluated(*CRITICISM, policy=off)

    assert after(state, told("m03", content=SEALED)).told == ("m03",)
    assert "lists" in after(state, ("complete_lists", "m01", {}), now=NOW).recorded
    assert codes(state, *proposed("m03")[:2], **proposed("m03")[2]) == ["rights_off"]
