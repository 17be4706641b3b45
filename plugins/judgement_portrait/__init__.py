"""Judgement before the meeting: one portrait per member, confirmed by its subject."""

from __future__ import annotations

from engine import (
    Delivered,
    DeliveryContext,
    EventType,
    Objection,
    PlanContext,
    PlannedStep,
    Stage,
    StepContribution,
    hookimpl,
)

from .facts import PORTRAITS, event_types
from .heard import facts_of
from .store import kept

REPLY_WORKING_DAYS = 3

STAGES = (
    Stage(name="drafted", by=("branch_secretary", "committee_member")),
    Stage(name="fact_checked", by=("committee_member",)),
    Stage(name="shown", by=("branch_secretary",)),
    Stage(
        name="confirmed", by=("subject",), lapse_working_days=REPLY_WORKING_DAYS,
        lapses_to="branch_secretary",
    ),
)  # fmt: skip
"""From the draft to the subject's word; silence counts as confirmed after three days."""


@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Add the portraits after the filing, so that self-examinations can be held to them."""
    return [
        StepContribution(
            id=PORTRAITS, anchor="filing", side="after", shape="each_member", stages=STAGES
        )
    ]


@hookimpl
def review_plan(ctx: PlanContext, steps: tuple[PlannedStep, ...]) -> list[Objection]:
    """Deny a plan whose portraits nobody could check; warn where somebody checks their own."""
    checkers = len(ctx.holders("committee_member"))
    if PORTRAITS not in {step.id for step in steps} or checkers > 1:
        return []
    if checkers:
        return [Objection(severity="warn", code="checks_own_portrait", step=PORTRAITS)]
    return [Objection(severity="deny", code="nobody_checks_facts", step=PORTRAITS)]


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Note how far each portrait has come, and seal all of them with the meeting's close."""
    for number, fact in enumerate(facts_of(ctx.cycle, event)):
        kept(ctx.folder).note(fact, key=f"{ctx.key}/{number}")


@hookimpl
def register_event_types() -> list[EventType]:
    """Name what is written down of portraits."""
    return event_types()
