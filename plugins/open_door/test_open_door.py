"""The open-door session asks for two steps and invites the representatives in order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import Person, PlanContext

from . import INVITATIONS, SPEECHES, contribute_participants, contribute_steps

PEOPLE = [
    ("m01", "branch_secretary"),
    ("g2", "guest_rep"),
    ("m02", "member"),
    ("g1", "guest_rep"),
]


@pytest.fixture
def ctx():
    """Return a cycle with two representatives among its people."""
    return PlanContext(
        cycle="cycle-1",
        unit="branch-2",
        opened_at=datetime(2021, 7, 16, tzinfo=UTC),
        core_steps=("opening", "mutual_criticism"),
        people=tuple(Person(id=person, roles=(role,)) for person, role in PEOPLE),
    )


def test_the_invitations_are_recorded_by_the_secretary_before_the_opening(ctx):
    step = contribute_steps(ctx)[0]

    assert (step.id, step.side, step.anchor) == (INVITATIONS, "before", "opening")
    assert (step.shape, step.role) == ("evidence", "branch_secretary")


def test_the_speeches_come_after_mutual_criticism(ctx):
    step = contribute_steps(ctx)[1]

    assert (step.id, step.side, step.anchor) == (SPEECHES, "after", "mutual_criticism")
    assert step.shape == "speakers"


def test_every_representative_is_invited_once_in_roster_order(ctx):
    invited = [(i.step, i.person) for i in contribute_participants(ctx)]

    assert invited == [(SPEECHES, "g2"), (SPEECHES, "g1")]


def test_a_unit_without_representatives_gets_no_step(ctx):
    alone = ctx.model_copy(update={"people": ctx.people[:1]})

    assert contribute_steps(alone) == []
    assert contribute_participants(alone) == []


def test_asked_twice_it_answers_the_same(ctx):
    assert contribute_steps(ctx) == contribute_steps(ctx)
    assert contribute_participants(ctx) == contribute_participants(ctx)
