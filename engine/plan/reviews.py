"""What plugins object to in a merged plan, and what their objections do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.plan.calls import OBJECTIONS, HookCall, HookEnvelope, Roster, failure
from engine.plan.merge import with_conflicts
from engine.plan.steps import Conflict, Plan, PlanContext


def reviews(roster: Roster, context: PlanContext, plan: Plan) -> tuple[HookCall, ...]:
    """Return one call for each plugin of the roster that reviews plans."""
    return tuple(
        HookCall(hook="review_plan", plugin=entry.pin.id, context=context, steps=plan.steps)
        for entry in roster.entries
        if "review_plan" in entry.hooks
    )


def reviewed(plan: Plan, envelopes: Iterable[HookEnvelope]) -> Plan:
    """Return ``plan`` with every objection, and every review that failed, on its list.

    The steps stay as they are: a review can stop a plan, not change it.
    """
    return with_conflicts(plan, [c for answer in envelopes for c in _conflicts(answer)])


def denying(plan: Plan) -> tuple[str, ...]:
    """Return the plugins that deny ``plan``: it must not be pinned without a decision."""
    return tuple(sorted({c.plugin for c in plan.conflicts if c.code == "review_denied"}))


def _conflicts(answer: HookEnvelope) -> Iterator[Conflict]:
    if not answer.ok:
        yield failure(answer)
        return
    for objection in OBJECTIONS.validate_python(answer.result or []):
        yield Conflict(
            code="review_denied" if objection.severity == "deny" else "review_warned",
            plugin=answer.plugin,
            step=objection.step,
            detail=objection.code,
        )
