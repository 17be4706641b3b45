"""Rules of the plan itself: pinned, blocked without a required plugin, composed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from engine.cycle import commands as c, errors, events as e
from engine.cycle.reached import reached
from engine.cycle.state import Cycle
from engine.issue.events import ENGINE
from engine.plan.graft import grafted, taken_over
from engine.plan.steps import Phase, Plan

PlanningCommand: TypeAlias = c.DecidePlan | c.Replan


def decide(cycle: Cycle, command: PlanningCommand, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    if isinstance(command, c.Replan):
        return (e.ReplanOrdered(reason=command.reason, at=now, by=command.by),)
    if not cycle.blocked:
        raise errors.PlanNotBlocked()
    return (e.PlanDecided(choice=command.choice, reason=command.reason, at=now, by=command.by),)


def pin_plan(plan: Plan, *, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the event that pins ``plan``; from here on the plan is data."""
    return (e.PlanPinned(plan=plan, at=now, by=ENGINE),)


def composed(
    cycle: Cycle, plan: Plan, *, required: Iterable[str], now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return what a composed plan leads to: pinned, or blocked without a required plugin.

    A cycle that has a plan already takes over only what lies ahead of it; what comes too
    late blocks nothing, for no waiting would help it.
    """
    needed = set(required)
    lacking = tuple(conflict for conflict in plan.conflicts if conflict.plugin in needed)
    if lacking and not cycle.dropping:
        if cycle.blocked == tuple(dict.fromkeys(c.plugin for c in lacking)):
            return ()
        return (e.PlanBlocked(conflicts=lacking, at=now, by=ENGINE),)
    if cycle.plan is not None:
        plan = _taken_over(cycle, cycle.plan, plan)
    return pin_plan(plan, now=now)


def _taken_over(cycle: Cycle, old: Plan, new: Plan) -> Plan:
    """Return what of ``new`` still lies ahead; by phase where the policy knows no gaps."""
    if cycle.pinned_policy.replan_ahead:
        return taken_over(old, new, reached=reached(cycle), begun=begun(cycle))
    return grafted(old, new, over=over(cycle), begun=begun(cycle))


def over(cycle: Cycle) -> tuple[Phase, ...]:
    """Return the phases that have passed or are under way in one sitting."""
    if cycle.status in ("rectifying", "reporting", "archived"):
        return ("before", "meeting")
    return ("before", "meeting") if cycle.status == "convened" else ()


def begun(cycle: Cycle) -> tuple[str, ...]:
    """Return the steps of which something is on record."""
    held = [step for meeting in cycle.meetings for step in meeting.recorded]
    return (*cycle.recorded, *cycle.member_steps, *held)
