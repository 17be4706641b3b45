"""The open-door session asks for two steps and invites the representatives in order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.host.host import Host
from engine.host.manifest import discover, roster
from engine.plan.calls import collect
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.policy.roles import Person

FOUND = discover(Path(__file__).parent.parent, frozenset({"open_door"}))
PEOPLE = tuple(
    Person(id=i, roles=(r,))
    for i, r in [("m01", "branch_secretary"), ("g2", "guest_rep"), ("g1", "guest_rep")]
)
CONTEXT = PlanContext(
    cycle="c",
    unit="u",
    core_steps=CORE_STEPS,
    people=PEOPLE,
    opened_at=datetime(2021, 7, 1, tzinfo=UTC),
)


def composed():
    host, callable_ = Host(FOUND), roster(FOUND)
    answers = [host.invoke(call) for call in callable_.calls(CONTEXT)]
    return merge(collect(callable_, answers))


def test_the_representatives_speak_after_mutual_criticism_in_roster_order():
    plan = composed()

    assert plan.conflicts == ()
    assert plan.step("open_door.speeches").participants == ("g2", "g1")
    assert plan.step("open_door.speeches").slot == "after:mutual_criticism"


def test_the_invitations_are_a_gate_before_the_meeting():
    step = composed().step("open_door.invitations")

    assert (step.phase, step.shape, step.role) == ("before", "evidence", "branch_secretary")


def test_the_same_context_gives_the_same_plan():
    assert composed().digest == composed().digest
