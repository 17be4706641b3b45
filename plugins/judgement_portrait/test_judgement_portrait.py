"""Every member has a portrait, and nobody's is finished before its subject has seen it."""

from __future__ import annotations

from datetime import UTC, datetime

from engine import Person, PlanContext

from . import PORTRAITS, contribute_steps

CONTEXT = PlanContext(
    cycle="cycle-1",
    unit="branch-1",
    opened_at=datetime(2021, 7, 16, tzinfo=UTC),
    core_steps=("filing", "study"),
    people=(Person(id="m01", roles=("branch_secretary",)),),
)


def test_the_portraits_come_after_the_filing_and_concern_every_member():
    (step,) = contribute_steps(CONTEXT)

    assert (step.id, step.anchor, step.side) == (PORTRAITS, "filing", "after")
    assert step.shape == "each_member"


def test_the_subject_sees_the_portrait_before_it_is_final_and_has_three_days():
    (step,) = contribute_steps(CONTEXT)
    names = [stage.name for stage in step.stages]

    assert names.index("shown") < names.index("confirmed")
    assert step.stages[-1].by == ("subject",)
    assert step.stages[-1].lapse_working_days == 3


def test_asked_twice_it_answers_the_same():
    assert contribute_steps(CONTEXT) == contribute_steps(CONTEXT)
