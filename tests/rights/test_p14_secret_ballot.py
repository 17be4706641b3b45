"""P14: roll and ballots apart, five ballots at least, no result before the end; grades."""

from __future__ import annotations

import json

import pytest
from cycle.stages import MEMBERS, NOW, after, codes, item
from rights.ground import BALLOTS, PEOPLE, counted, criticising, evaluated, proposed

from engine.cycle.decide import decide
from engine.cycle.events import PollCounted
from engine.cycle.parse import parse
from engine.policy.pack import load_pack

SUMS = {"excellent", "qualified", "basically_qualified", "unqualified"}


def at_the_poll(*acts, **more):
    return after(criticising(evaluation=True, **more), item("poll"), *acts)


def test_p14_nothing_is_counted_while_ballots_are_out():
    out = at_the_poll(BALLOTS[0])

    assert codes(at_the_poll(), *counted("m02")[:2], **counted("m02")[2]) == ["poll_not_over"]
    assert codes(out, *counted("m02")[:2], **counted("m02")[2]) == ["poll_not_over"]
    assert after(out, BALLOTS[1], counted("m02")).meeting.polled == ("m02",)


def test_p14_fewer_than_five_ballots_are_no_result():
    state = at_the_poll(*BALLOTS)

    assert codes(state, "count_poll", "m03", member="m02", qualified=4) == ["too_few_ballots"]


def test_p14_with_too_few_ballots_there_is_no_result_and_the_meeting_goes_on():
    few = at_the_poll(BALLOTS[0], ("close_poll", "m03", {"returned": 4}))
    state = after(few, *(("count_poll", "m03", {"member": m}) for m in few.voting()))

    assert codes(few, *item("superior_comment")[:2], **item("superior_comment")[2]) == [
        "item_not_complete"
    ]
    assert after(state, item("superior_comment")).meeting.item == "superior_comment"


def test_p14_how_many_came_back_is_set_right_until_the_first_count():
    miscounted = at_the_poll(BALLOTS[0], ("close_poll", "m03", {"returned": 4}))
    right = after(miscounted, BALLOTS[1])

    assert codes(right, *BALLOTS[1][:2], **BALLOTS[1][2]) == ["already_done"]
    assert after(right, counted("m02")).meeting.polled == ("m02",)
    again = codes(after(right, counted("m02")), "close_poll", "m03", returned=4)
    assert again == ["already_done"]


def test_p14_no_more_ballots_count_than_came_back():
    state = at_the_poll(BALLOTS[0], ("close_poll", "m03", {"returned": 4}))

    assert "too_many_votes" in codes(state, *counted("m02")[:2], **counted("m02")[2])
    assert codes(at_the_poll(BALLOTS[0]), "close_poll", "m03", returned=6) == ["too_many_votes"]


def test_p14_the_count_holds_sums_and_no_voter():
    command = parse("count_poll", {"by": "m03", **counted("m02")[2]})
    (event,) = decide(at_the_poll(*BALLOTS), command, now=NOW)

    assert set(PollCounted.model_fields) == {"kind", "at", "by", "member", *SUMS}
    said = json.loads(event.model_dump_json())
    assert not {"m01", "m04", "m05"} & {v for v in said.values() if isinstance(v, str)}


def test_p14_the_order_of_the_roll_tells_nothing():
    given = parse("open_poll", {"by": "m03", "monitor": "mon", "roll": MEMBERS[::-1]})
    (event,) = decide(at_the_poll(), given, now=NOW)

    assert event.roll == tuple(MEMBERS)


def test_p14_somebody_else_watches_the_count():
    teller = [
        {**p, "roles": [*p["roles"], "vote_monitor"]} if p["id"] == "m03" else p for p in PEOPLE
    ]
    state = at_the_poll(people=teller)
    body = {"roll": MEMBERS}

    assert codes(state, "open_poll", "m03", monitor="m03", **body) == ["not_permitted"]
    assert codes(state, "open_poll", "m03", monitor="m04", **body) == ["not_permitted"]


def test_p14_only_those_present_and_the_masses_get_a_ballot():
    body = {"monitor": "mon", "roll": ["m01", "g1"]}

    assert codes(at_the_poll(), "open_poll", "m03", **body) == ["not_due"]


def test_p14_the_probationary_get_no_grade():
    state = at_the_poll(*BALLOTS)

    assert codes(state, *counted("m05")[:2], **counted("m05")[2]) == ["not_due"]
    assert codes(evaluated(), *proposed("m05")[:2], **proposed("m05")[2]) == ["not_due"]


def test_p14_a_third_of_those_graded_is_found_excellent_at_most():
    state = after(evaluated(), proposed("m03", grade="excellent"))
    again = proposed("m04", grade="excellent")

    assert codes(state, *again[:2], **again[2]) == ["too_many_excellent"]
    other = after(state, proposed("m03"), again)
    assert other.proposals["m04"].grade == "excellent"


def test_p14_a_pack_without_a_cap_has_none():
    off = load_pack().model_copy(update={"excellent_cap": None})
    state = evaluated(policy=off)

    every = [proposed(m, by="m02", grade="excellent") for m in ("m01", "m03", "m04")]
    assert len(after(state, *every).proposals) == 3


@pytest.mark.parametrize("by", ["m02", "sup"])
def test_p14_nobody_grades_oneself(by):
    state = evaluated()
    own = proposed("m02", by=by)

    if by == "m02":
        assert codes(state, *own[:2], **own[2]) == ["own_verdict"]
    else:
        assert after(state, own).proposals["m02"].grade == "qualified"
