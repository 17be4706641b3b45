"""Roving guidance: groups visit in rounds, and what they found is open until corrected."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from engine import (
    Delivered,
    DeliveryContext,
    HealthContext,
    HealthReport,
    PlanContext,
    StepContribution,
    hookimpl,
)

from .facts import VISIT
from .heard import LOCAL, facts_of, round_of
from .store import kept


class Config(BaseModel):
    """Which round it is, from 1, and its last day; None where no round is on."""

    round: int | None = Field(default=None, ge=1, le=99)
    ends: date | None = None


@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Add the visit before the material is reviewed, where there is somebody to visit."""
    if not ctx.holders("guidance_group"):
        return []
    return [
        StepContribution(
            id=VISIT, anchor="material_review", side="before", shape="evidence",
            role="guidance_group",
        )
    ]  # fmt: skip


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Begin the round that is configured, then note what the cycle was told."""
    config = Config.model_validate(ctx.config)
    for begun in round_of(kept(ctx.folder).state(), config.round, config.ends, event):
        kept(ctx.folder).note(begun, key=f"{ctx.key}/round")
    for fact in facts_of(ctx.cycle, event):
        kept(ctx.folder).note(fact, key=ctx.key)


@hookimpl
def check_health(ctx: HealthContext) -> HealthReport:
    """Say when the last day of the province's round is past and no other round is set."""
    ends = Config.model_validate(ctx.config).ends
    today = datetime.now(LOCAL).date()  # noqa: TID251  health is asked now
    over = ends is not None and ends < today
    return HealthReport(status="degraded" if over else "ok", code="round_over" if over else "")
