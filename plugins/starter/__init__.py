"""One step before the meeting, done when somebody has recorded its evidence."""

from __future__ import annotations

from engine import PlanContext, StepContribution, hookimpl

STEP = "starter.visit"


@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Add the step after the opinions are sought, where somebody can record it."""
    if not ctx.holders("recorder"):
        return []
    return [
        StepContribution(
            id=STEP, anchor="opinions", side="after", shape="evidence", role="recorder"
        )
    ]
