"""P10: what is contested has no effect until somebody outside the branch decides."""

from __future__ import annotations

from datetime import date

import pytest
from cycle.stages import SEALED, after, codes
from rights.ground import MORE, TOO_LATE, criticised, days, ended, evaluated, proposed, told

CONTESTED = criticised(1, "m04", "m02", "contested")
UPHELD = {"item": 1, "outcome": "upheld", "reason": SEALED}
STRUCK = {**UPHELD, "outcome": "struck"}
LINKED = {
    "content": SEALED, "category": "xue", "sources": ["criticism"], "critics": ["m04"],
    "criticism": 1, "subject_kind": "member", "subject": "m02",
}  # fmt: skip
DRAFT = {
    "issue": 1, "audience": "internal", "first": date(2021, 8, 9), "last": date(2021, 8, 20),
    "problem": SEALED, "measures": SEALED, "responsible": SEALED,
}  # fmt: skip


def found_then_contested():
    """An issue found in a criticism that its subject contests afterwards."""
    state = ended(*criticised(1, "m04", "m02"))
    state = after(state, ("find_issue", "m03", LINKED), now=TOO_LATE)
    contested = ("reply_to_criticism", "m02", {"item": 1, "outcome": "contested"})
    return after(state, contested, now=TOO_LATE)


def test_p10_nothing_is_published_of_a_contested_criticism():
    state = found_then_contested()

    refused = codes(state, "draft_notice", "pub", now=TOO_LATE, **DRAFT)
    assert refused == ["criticisms_not_final"]


def test_p10_what_was_upheld_waits_for_its_status_alone_and_what_was_struck_for_ever():
    state = found_then_contested()
    upheld = after(state, ("decide_criticism", "sup", UPHELD), now=TOO_LATE)
    struck = after(state, ("decide_criticism", "sup", STRUCK), now=TOO_LATE)

    assert codes(upheld, "draft_notice", "pub", now=TOO_LATE, **DRAFT) == ["wrong_issue_status"]
    assert codes(struck, "draft_notice", "pub", now=days(90), **DRAFT)[0] == (
        "criticisms_not_final"
    )


def test_p10_a_contested_criticism_keeps_the_verdict_on_its_subject_back():
    state = after(evaluated(*CONTESTED), proposed("m02", by="m01"), proposed("m03", by="m01"))
    to_m02 = told("m02", by="m01")

    assert codes(state, *to_m02[:2], now=days(90), **to_m02[2]) == ["criticisms_not_final"]
    assert after(state, told("m03", by="m01"), now=days(90)).told == ("m03",)
    decided = after(state, ("decide_criticism", "gg", UPHELD))
    assert after(decided, to_m02, now=days(90)).told == ("m02",)


def test_p10_a_file_with_a_contested_criticism_is_not_closed():
    assert "criticisms_not_final" in codes(
        ended(*CONTESTED), "archive_cycle", "arc", now=days(90)
    )


def test_p10_a_contested_verdict_is_not_told_and_not_shown_anew():
    contested = ("reply_to_verdict", "m03", {"outcome": "contested", "content": SEALED})
    state = after(evaluated(), proposed("m03"), contested)

    assert codes(state, *told("m03")[:2], now=days(90), **told("m03")[2]) == [
        "verdict_contested"
    ]
    assert codes(state, *proposed("m03")[:2], **proposed("m03")[2]) == ["verdict_contested"]


def test_p10_an_upheld_verdict_is_told_and_a_struck_one_proposed_anew():
    contested = ("reply_to_verdict", "m03", {"outcome": "contested"})
    state = after(evaluated(), proposed("m03"), contested)
    decision = {"member": "m03", "outcome": "upheld", "reason": SEALED}
    upheld = after(state, ("decide_verdict", "rev", decision))
    struck = after(state, ("decide_verdict", "rev", {**decision, "outcome": "struck"}))

    assert after(upheld, told("m03")).told == ("m03",)
    assert codes(struck, *told("m03")[:2], **told("m03")[2]) == ["verdict_struck"]
    anew = after(struck, proposed("m03", grade="excellent"))
    assert anew.proposals["m03"].decided is None


@pytest.mark.parametrize("outcome", ["accepted", "explained", None])
def test_p10_only_what_is_contested_is_decided(outcome):
    state = ended(*criticised(1, "m04", "m02", outcome))

    assert codes(state, "decide_criticism", "sup", **UPHELD) == ["not_contested"]


def test_p10_nobody_of_the_branch_decides_whatever_the_office():
    people = [
        {"id": "m01", "roles": ["branch_secretary", "superior_officer"]},
        *({"id": i, "roles": r} for i, r in MORE.items() if i != "m01"),
    ]
    state = evaluated(*CONTESTED, people=people)
    state = after(state, proposed("m03", by="sup"))
    state = after(state, ("reply_to_verdict", "m03", {"outcome": "contested"}))
    verdict = {"member": "m03", "outcome": "upheld", "reason": SEALED}

    assert codes(state, "decide_criticism", "m01", **UPHELD) == ["of_the_branch"]
    assert codes(state, "decide_verdict", "m01", **verdict) == ["of_the_branch"]
    assert codes(state, "decide_criticism", "m04", **UPHELD) == ["not_permitted"]
