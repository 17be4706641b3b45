"""Judgement before the meeting: one portrait per member, confirmed by its subject."""

from __future__ import annotations

from engine import PlanContext, Stage, StepContribution, hookimpl

PORTRAITS = "judgement_portrait.portraits"
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
