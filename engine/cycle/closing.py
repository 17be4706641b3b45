"""Whom to ask before an issue of a cycle is signed off. Pure."""

from __future__ import annotations

from engine.cycle.state import Cycle
from engine.plan.calls import HookCall
from engine.plan.closing import ClosingContext


def under_review(cycle: Cycle) -> tuple[int, ...]:
    """Return the issues whose closing was asked for and is not decided."""
    return tuple(issue.number for issue in cycle.issues if issue.closing)


def closing_calls(cycle: Cycle, number: int) -> tuple[HookCall, ...]:
    """Return one call for each plugin of the plan that reviews closings."""
    issue = cycle.issues[number - 1]
    return tuple(
        HookCall(
            hook="review_closing", plugin=plugin,
            context=ClosingContext(
                plugin=plugin, cycle=cycle.id, unit=cycle.unit, issue=number,
                round=issue.round, owner=issue.owner, rehearsal=cycle.rehearsal,
            ),
        )
        for plugin in cycle.pinned_plan.closing
    )  # fmt: skip
