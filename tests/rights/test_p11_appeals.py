"""P11: an appeal goes up past the secretary; both its days are kept by time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from cycle.stages import MEMBERS, NOW, SEALED, after, codes
from rights.ground import MORE, PEOPLE, criticised, days, ended, evaluated, proposed

from engine.cycle.appeals import reviewers
from engine.cycle.decide import decide
from engine.cycle.evolve import fold
from engine.cycle.parse import enveloped, parse
from engine.cycle.timely import next_due, over, time_passed
from engine.ledger.memory import InMemoryLedger
from engine.policy.calendar import day_after
from engine.policy.pack import load_pack
from engine.views.appeals import appeals
from engine.views.past import events_of
from engine.views.projector import STATE

APPEAL = {"about": "verdict", "content": SEALED}
FILED = ("file_appeal", "m04", APPEAL)
ACKNOWLEDGE_BY, DECIDE_BY = date(2021, 8, 4), date(2021, 8, 29)


def filed():
    (event,) = decide(
        ended(people=PEOPLE), parse("file_appeal", {"by": "m04", **APPEAL}), now=NOW
    )
    return event


def test_p11_an_appeal_says_its_days_and_goes_to_the_appeal_reviewer():
    event = filed()

    assert (event.acknowledge_by.day, event.decide_by) == (ACKNOWLEDGE_BY, DECIDE_BY)
    assert event.to == ("rev",)


def test_p11_no_event_says_whose_the_appeal_is_nor_does_the_state():
    state = after(ended(people=PEOPLE), FILED)
    envelope = enveloped(filed(), cycle="c", version=1, command="x")

    assert "m04" not in envelope.model_dump_json()
    assert "m04" not in str(state.appeals)
    assert envelope.data["by"] == "appellant"


def test_p11_nothing_the_secretary_reads_knows_of_the_appeal():
    event = filed()
    envelope = enveloped(event, cycle="c", version=1, command="x")
    ledger = InMemoryLedger()
    ledger.append([envelope])
    state = ended(people=PEOPLE)

    assert envelope.stream == "appeal/c/1"
    assert events_of(ledger, "c", until=99) == ()
    assert [row.appeal for row in appeals(ledger, state, reader="rev", day=NOW.date())] == [1]
    for person in (*MEMBERS, "sup", "gg", "arc"):
        assert appeals(ledger, state, reader=person, day=NOW.date()) == ()


def test_p11_an_appeal_does_not_change_the_seed_of_a_draw():
    state = ended(people=PEOPLE)

    assert after(state, FILED).events == state.events


def test_p11_nobody_can_have_the_id_that_stands_for_the_appellant():
    people = [*PEOPLE, {"id": "appellant", "roles": ["member"]}]

    with pytest.raises(Exception, match="reserved id: appellant"):
        ended(people=people)


def test_p11_both_days_are_kept_by_time():
    state = after(ended(people=PEOPLE), FILED)
    due = next_due(state)
    first = time_passed(state, now=day_after(ACKNOWLEDGE_BY))

    assert due == day_after(ACKNOWLEDGE_BY)
    assert [(v.what, v.due, v.to) for v in first] == [
        ("acknowledgement", ACKNOWLEDGE_BY, ("rev",))
    ]
    later = time_passed(fold(state, first), now=day_after(DECIDE_BY))
    assert [v.what for v in later if v.kind == "AppealLate"] == ["decision"]
    assert time_passed(fold(fold(state, first), later), now=days(99)) == ()


def test_p11_acting_in_time_leaves_nothing_late():
    state = after(ended(people=PEOPLE), FILED, ("acknowledge_appeal", "rev", {"appeal": 1}))
    assert next_due(state) == day_after(DECIDE_BY)

    decision = {"appeal": 1, "outcome": "upheld", "reason": SEALED}
    decided = after(state, ("decide_appeal", "rev", decision))

    assert [v for v in time_passed(decided, now=days(99)) if v.kind == "AppealLate"] == []


def test_p11_stopping_the_cycle_does_not_stop_the_clock_of_an_appeal():
    halted = ("halt_cycle", "sup", {"reason": SEALED})
    state = after(ended(people=PEOPLE), FILED, halted)

    assert next_due(state) == day_after(ACKNOWLEDGE_BY)
    assert [v.kind for v in time_passed(state, now=day_after(ACKNOWLEDGE_BY))] == ["AppealLate"]
    assert after(state, FILED).appeals[1].about == "verdict"


def test_p11_a_cycle_is_not_over_while_an_appeal_is_open():

    state = replace(after(ended(people=PEOPLE), FILED), status="archived")
    decision = {"appeal": 1, "outcome": "rejected", "reason": SEALED}

    assert not over(state)
    assert over(after(state, ("decide_appeal", "rev", decision)))


def test_p11_nobody_else_takes_an_appeal_or_learns_that_there_is_one():
    state = after(ended(people=PEOPLE), FILED)
    decision = {"outcome": "rejected", "reason": SEALED}

    assert codes(state, "acknowledge_appeal", "sup", appeal=1) == ["no_such_appeal"]
    assert codes(state, "decide_appeal", "sup", appeal=1, **decision) == ["no_such_appeal"]
    assert codes(state, "decide_appeal", "sup", appeal=2, **decision) == ["no_such_appeal"]
    assert codes(state, "decide_appeal", "m01", appeal=1, **decision) == ["not_permitted"]


def test_p11_a_reviewer_who_is_of_the_branch_is_passed_over():
    people = [
        {"id": "m01", "roles": ["branch_secretary", "member", "appeal_reviewer"]},
        *({"id": i, "roles": r} for i, r in MORE.items() if i not in ("m01", "rev")),
    ]
    state = after(ended(people=people), FILED)

    assert codes(state, "acknowledge_appeal", "m01", appeal=1) == ["no_such_appeal"]
    assert after(state, ("acknowledge_appeal", "sup", {"appeal": 1})).appeals[0].acknowledged


CONTESTED = criticised(1, "m04", "m02", "contested")


def decided_by(person, about, *, people=PEOPLE, **more):
    """A contested matter that ``person`` decided, and an appeal about such matters."""
    upheld = {"outcome": "upheld", "reason": SEALED}
    if about == "criticism":
        acts = [("decide_criticism", person, {"item": 1, **upheld})]
    else:
        contested = ("reply_to_verdict", "m03", {"outcome": "contested"})
        acts = [
            proposed("m03"),
            contested,
            ("decide_verdict", person, {"member": "m03", **upheld}),
        ]
    filed = ("file_appeal", "m04", {"about": about, "content": SEALED})
    return after(evaluated(*CONTESTED, people=people, **more), *acts, filed)


@pytest.mark.parametrize("about", ["verdict", "criticism"])
def test_p11_whoever_decided_the_matter_takes_no_appeal_about_it(about):
    state = decided_by("rev", about)
    decision = {"appeal": 1, "outcome": "rejected", "reason": SEALED}

    assert codes(state, "decide_appeal", "rev", **decision) == ["no_such_appeal"]
    assert after(state, ("decide_appeal", "sup", decision)).appeals[0].decided
    procedure = after(state, ("file_appeal", "m04", {**APPEAL, "about": "procedure"}))
    assert reviewers(procedure, "procedure") == ("rev",)
    second = [*PEOPLE, {"id": "rev2", "roles": ["appeal_reviewer"]}]
    assert reviewers(decided_by("rev", about, people=second), about) == ("rev2",)


def test_p11_a_superior_who_proposed_a_verdict_takes_no_appeal_about_verdicts():
    people = [*PEOPLE, {"id": "sup2", "roles": ["superior_officer"]}]
    people = [p for p in people if p["id"] != "rev"]
    state = after(evaluated(people=people), proposed("m03", by="sup"))

    assert reviewers(state, "verdict") == ("sup2",)


def test_p11_with_nobody_else_outside_an_appeal_goes_to_whoever_there_is():
    people = [p for p in PEOPLE if p["id"] != "rev"]
    state = decided_by("sup", "verdict", people=people)

    assert reviewers(state, "verdict") == ("sup",)


def test_p11_a_cycle_of_the_second_edition_keeps_its_reviewers():
    rights = load_pack().rights.model_copy(update={"edition": 2})
    before = load_pack().model_copy(update={"rights": rights})

    assert reviewers(decided_by("rev", "verdict", policy=before), "verdict") == ("rev",)


def test_p11_with_nobody_outside_the_appellant_is_told_where_to_go():
    people = [p for p in PEOPLE if p["id"] != "rev"]
    state = ended(people=people)
    members = {**state.people}
    members["sup"] = members["sup"].model_copy(update={"roles": ("superior_officer", "member")})

    assert codes(replace(state, people=members), *FILED[:2], **APPEAL) == ["nobody_outside"]


def test_p11_the_light_of_an_appeal_turns_yellow_and_red():
    ledger = InMemoryLedger()
    ledger.append([enveloped(filed(), cycle="c", version=1, command="x")])
    state = ended(people=PEOPLE)

    def light(day):
        (row,) = appeals(ledger, state, reader="rev", day=day)
        return (row.light, row.days_left)

    assert light(ACKNOWLEDGE_BY) == ("green", 0)
    assert light(date(2021, 8, 5)) == ("red", -1)
    acknowledged = parse("acknowledge_appeal", {"by": "rev", "appeal": 1})
    (event,) = decide(after(state, FILED), acknowledged, now=NOW)
    ledger.append([enveloped(event, cycle="c", version=2, command="y")])
    assert light(date(2021, 8, 23)) == ("green", 6)
    assert light(date(2021, 8, 24)) == ("yellow", 5)
    assert light(date(2021, 8, 30)) == ("red", -1)


def test_p11_appeals_travel_with_the_state_into_the_next_run():
    state = after(ended(people=PEOPLE), FILED)

    assert STATE.validate_json(STATE.dump_json(state)) == state


def test_p11_a_cycle_without_rights_takes_no_appeal():
    off = load_pack().model_copy(update={"rights": None})

    assert codes(ended(people=PEOPLE, policy=off), *FILED[:2], **APPEAL) == ["rights_off"]
