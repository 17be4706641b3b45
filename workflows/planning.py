"""Compose a cycle's plan from within its workflow: who is there, what they offer, the merge."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from engine.cycle.closing import closing_calls
from engine.cycle.state import Cycle
from engine.plan.calls import HookCall, HookEnvelope, Roster, absent, own_queue
from engine.plan.closing import Finding
from engine.plan.prescribed import CORE_STEPS
from engine.plan.reviews import denying, findings, reviewed, reviews, with_reviewers
from engine.plan.steps import Plan, PlanContext
from engine.plan.wanted import wanted
from workflows.recording import FOR_EVER
from workflows.shapes import HOOK, MERGE, SNAPSHOT, CycleStart, MergeRequest

QUICK = timedelta(seconds=20)
SILENCE = timedelta(seconds=4)
"""Of a host that lives, one hears more often: see ``workflows.worker.BEAT_S``."""
LONGEST_PAUSE = timedelta(hours=6)


def pause_before(again: int, start: CycleStart) -> timedelta:
    """Return how long a blocked plan waits before it tries ``again``; doubled each time."""
    longer: int = 2 ** min(again - 1, 12)
    return min(timedelta(seconds=start.plugin_wait_s) * longer, LONGEST_PAUSE)


async def compose(cycle: Cycle, start: CycleStart) -> tuple[Plan, tuple[str, ...]]:
    """Return the merged plan with what its reviewers object, and whom it cannot do without.

    A plugin that denies the plan is one of those: it is pinned only by decision.
    """
    roster = wanted(await _roster(cycle), start.plugins)
    context = PlanContext(
        cycle=cycle.id, unit=cycle.unit, opened_at=cycle.opened_at, core_steps=CORE_STEPS,
        people=tuple(cycle.people.values()),
    )  # fmt: skip
    asking = _asking(roster, cycle, start)
    answers = await asking.all(roster.calls(context))
    plan: Plan = await workflow.execute_activity(
        MERGE, MergeRequest(roster=roster, envelopes=tuple(answers)), result_type=Plan,
        start_to_close_timeout=QUICK, retry_policy=FOR_EVER,
        summary="编定步骤 | compose the plan",
    )  # fmt: skip
    plan = with_reviewers(plan, roster)
    plan = reviewed(plan, await asking.all(reviews(roster, context, plan)))
    return plan, (*roster.required(), *denying(plan))


async def asked_before_closing(
    cycle: Cycle, number: int, start: CycleStart
) -> tuple[Finding, ...]:
    """Return what the plugins of the plan say of closing issue ``number``, as they are today.

    One that is no longer there is away; whether that holds the closing is said by the plan.
    """
    roster = await _roster(cycle)
    there = {entry.pin.id for entry in roster.entries if "review_closing" in entry.hooks}
    calls = closing_calls(cycle, number)
    asked = await _asking(roster, cycle, start).all(c for c in calls if c.plugin in there)
    away = [absent(call, "worker_absent") for call in calls if call.plugin not in there]
    return findings(cycle.pinned_plan, (*asked, *away))


async def _roster(cycle: Cycle) -> Roster:
    roster: Roster = await workflow.execute_activity(
        SNAPSHOT, cycle.unit, result_type=Roster, start_to_close_timeout=QUICK,
        retry_policy=FOR_EVER, summary="查看可用插件 | which plugins are there",
    )  # fmt: skip
    return roster


def _asking(roster: Roster, cycle: Cycle, start: CycleStart) -> _Asking:
    own = frozenset(entry.pin.id for entry in roster.entries if entry.own)
    return _Asking(start, own, own_queue(start.plugin_queue, cycle.unit))


@dataclass(frozen=True)
class _Asking:
    """Calls plugins where they are: the unit's ``own`` on its queue, the others on all's."""

    start: CycleStart
    own: frozenset[str]
    own_queue: str

    async def all(self, calls: Iterable[HookCall]) -> list[HookEnvelope]:
        return await asyncio.gather(*(self._one(call) for call in calls))

    async def _one(self, call: HookCall) -> HookEnvelope:
        """Return the host's answer; an absent or late host is an answer too."""
        start = self.start
        queue = self.own_queue if call.plugin in self.own else start.plugin_queue
        try:
            answer: HookEnvelope = await workflow.execute_activity(
                HOOK, call, result_type=HookEnvelope, task_queue=queue,
                start_to_close_timeout=QUICK, heartbeat_timeout=SILENCE,
                schedule_to_start_timeout=timedelta(seconds=start.plugin_wait_s),
                retry_policy=RetryPolicy(maximum_attempts=3),
                summary=f"{call.plugin}: {call.hook}",
            )  # fmt: skip
        except ActivityError:
            return absent(call, "worker_absent")
        return answer
