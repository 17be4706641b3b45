"""CycleWorkflow: one per branch and cycle, a loop without rules.

Handlers decide, fold and fill the outbox; only the run loop waits and acts.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from engine.cycle.closing import under_review
    from engine.cycle.decide import closing_reviewed, decide, open_cycle
    from engine.cycle.errors import CommandUnreadable, PlanIsBlocked
    from engine.cycle.events import AnyEvent
    from engine.cycle.evolve import fold, folded
    from engine.cycle.parse import enveloped, stream_of
    from engine.cycle.planning import composed
    from engine.cycle.state import Cycle
    from engine.cycle.timely import moment, next_due, over, time_passed
    from engine.cycle.waiting import waits_for
    from engine.gateway import Receipt
    from engine.issue.closing import held
    from engine.record import digest
    from engine.refusal import Refused
    from engine.vault.unreadable import PayloadUnreadableError
    from workflows.answers import parsed, prove_actor, refusal
    from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS
    from workflows.enduring import endured, told
    from workflows.opening import unproved
    from workflows.planning import asked_before_closing, compose, pause_before
    from workflows.recording import Recording, command_id
    from workflows.shapes import (
        AWAIT_CLOSING,
        AWAIT_PLAN,
        CYCLE_WORKFLOW,
        Carried,
        CycleEnd,
        CycleStart,
    )

PATCH = "reviewers-asked-while-a-run-ends"


@workflow.defn(name=CYCLE_WORKFLOW)
class CycleWorkflow:
    """Holds a cycle and its issues from the opening to the archive."""

    @workflow.init
    def __init__(self, start: CycleStart) -> None:
        self._start = start
        self._recording = Recording()
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None
        self._shown = ("", False)
        self._appended = False
        self._reviews: dict[int, asyncio.Task[None]] = {}
        self._refusal: ApplicationError | None = None
        self._cycle: Cycle
        if start.carried:
            self._cycle = start.carried.cycle
            self._recording = Recording(
                versions=dict(start.carried.versions), outbox=deque(start.carried.outbox),
                answered=dict(start.carried.answered),
            )  # fmt: skip
        else:
            self._open(start)

    def _open(self, start: CycleStart) -> None:
        """Decide the opening; a refusal is kept for ``run``, which fails with it."""
        if start.opening is None:
            return  # refused by ``unproved`` before anything is recorded
        try:
            events = open_cycle(start.opening, now=workflow.now())
        except Refused as refused:
            self._refusal = refusal(refused)
            return
        self._cycle = folded(events)
        self._post(events, "open_cycle")

    @workflow.run
    async def run(self, start: CycleStart) -> CycleEnd:
        """Keep the ledger up to date and the clock wound until nothing is left to do."""
        return await endured(self._work(start))

    async def _work(self, start: CycleStart) -> CycleEnd:
        self._refusal = self._refusal or await unproved(start)
        if self._refusal:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise self._refusal
        if self._cycle.plan is None:
            await self._plan()
        while not over(self._cycle) or self._recording.outbox:
            self._show()
            self._ask_reviewers()
            await self._wait()
            self._note_time()
            if self._cycle.replanning:
                await self._compose()
            if not (self._appended and self._start.margin and self._run_is_long()):
                self._appended = await self._recording.flush() or self._appended
            if self._run_is_long():
                await self._answer()
                workflow.continue_as_new(self._next_start())
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return CycleEnd(
            cycle=self._cycle.id, issues=len(self._cycle.issues),
            versions=self._recording.versions,
        )  # fmt: skip

    @workflow.update(name=AWAIT_PLAN, description="返回步骤数,待方案编定 | steps once planned")
    async def await_plan(self) -> int:
        """Return the number of planned steps once the plan is pinned; changes nothing."""
        await workflow.wait_condition(
            lambda: bool(self._refusal or self._cycle.plan or self._cycle.blocked)
        )
        if self._refusal:
            raise self._refusal
        if self._cycle.plan is None:
            raise refusal(PlanIsBlocked(self._cycle.blocked))
        return len(self._cycle.pinned_plan.steps)

    @workflow.update(name=AWAIT_CLOSING, description="返回销号结果 | the issue closed, or held")
    async def await_closing(self, number: int) -> tuple[str, ...]:
        """Return the kinds of event that ended the review of a closing; changes nothing."""
        await workflow.wait_condition(
            lambda: bool(self._refusal) or number not in under_review(self._cycle)
        )
        issue = None if self._refusal else self._cycle.issue(number)
        if issue and issue.held:
            raise refusal(held(issue))
        return ("ClosingReviewed", "IssueClosed") if issue and not issue.open else ()

    @workflow.update(dynamic=True)
    def submit(self, name: str, args: Sequence[RawValue]) -> Receipt:
        """Decide and fold in one breath: no ``await``, so nothing interleaves."""
        try:
            command = parsed(name, args)
            key = digest(command.model_dump(mode="json"))
            if known := self._recording.known(command_id(), key):
                return known
            self._note_time()
            events = decide(self._cycle, command, now=self._now())
        except Refused as refused:
            raise refusal(refused) from None
        self._cycle = fold(self._cycle, events)
        return self._recording.answer(self._post(events, command_id(), key))

    @submit.validator
    def refuse_early(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse before anything is written to history."""
        try:
            command = parsed(name, args)
            prove_actor(self._start.roots, command, name, command_id(), args)
            key = digest(command.model_dump(mode="json"))
            if not self._recording.known(command_id(), key):
                now = self._now()
                decide(fold(self._cycle, time_passed(self._cycle, now=now)), command, now=now)
        except Refused as refused:
            raise refusal(refused) from None
        except PayloadUnreadableError as error:
            raise refusal(CommandUnreadable(error.why, error.key)) from None

    def _now(self) -> datetime:
        return moment(self._cycle, workflow.now())

    def _post(self, events: Sequence[AnyEvent], command: str, key: str = "") -> Receipt:
        """Number the events, put them into the outbox and return their receipt."""
        cycle = self._cycle.id
        numbered = tuple(
            enveloped(
                event, cycle=cycle, command=command,
                version=self._recording.next(stream_of(event, cycle)),
            )
            for event in events
        )  # fmt: skip
        return self._recording.post(numbered, command, key)

    async def _plan(self) -> None:
        """Compose and pin the plan; a blocked one waits for a decision or tries again."""
        for again in itertools.count(1):
            await self._compose()
            if self._cycle.plan is not None:
                return
            self._show()
            self._appended = await self._recording.flush() or self._appended
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: not self._cycle.blocked, timeout=pause_before(again, self._start),
                    timeout_summary="缺少必需插件,稍后重试 | tries again for a required plugin",
                )  # fmt: skip

    async def _compose(self) -> None:
        """Ask the plugins and post what comes of it: the plan pinned, or blocked."""
        plan, required = await compose(self._cycle, self._start)
        events = composed(self._cycle, plan, required=required, now=self._now())
        self._cycle = fold(self._cycle, events)
        self._post(events, "pin_plan")

    async def _answer(self) -> None:
        """Wait for the handlers; some of them wait for reviewers, who are asked here too."""
        while not workflow.all_handlers_finished():
            if self._unasked() and not workflow.patched(PATCH):
                await workflow.wait_condition(workflow.all_handlers_finished)
                return
            self._ask_reviewers()
            await workflow.wait_condition(
                lambda: workflow.all_handlers_finished() or bool(self._unasked())
            )

    def _unasked(self) -> list[int]:
        return [n for n in under_review(self._cycle) if n not in self._reviews]

    def _ask_reviewers(self) -> None:
        """Ask about each closing that waits for it; nothing else waits for the answers."""
        for number in self._unasked():
            self._reviews[number] = asyncio.create_task(self._review(number))

    async def _review(self, number: int) -> None:
        found = await asked_before_closing(self._cycle, number, self._start)
        self._note_time()
        events = closing_reviewed(self._cycle, number, found, now=self._now())
        self._cycle = fold(self._cycle, events)
        self._post(events, "review_closing")
        del self._reviews[number]

    async def _wait(self) -> None:
        """Wait for a command or for the next due moment, whichever comes first."""
        self._wind()
        await workflow.wait_condition(
            lambda: bool(self._recording.outbox) or self._alarm_rang() or self._due_moved()
        )

    def _due(self) -> datetime | None:
        due = next_due(self._cycle)
        return due - timedelta(seconds=self._cycle.clock_shift_s) if due else None

    def _due_moved(self) -> bool:
        return (self._alarm[0] if self._alarm else None) != self._due()

    def _alarm_rang(self) -> bool:
        return self._alarm is not None and self._alarm[1].done()

    def _wind(self) -> None:
        """Keep one timer for the next due moment; start another only when it moved."""
        if not self._due_moved() and not self._alarm_rang():
            return
        if self._alarm:
            self._alarm[1].cancel()
            self._alarm = None
        if due := self._due():
            seconds = max((due - workflow.now()).total_seconds(), 0.001)
            task = asyncio.create_task(
                workflow.sleep(seconds, summary="下一个到期时刻 | next due moment")
            )
            self._alarm = (due, task)

    def _note_time(self) -> None:
        events = time_passed(self._cycle, now=self._now())
        if events:
            self._cycle = fold(self._cycle, events)
            self._post(events, "time")

    def _show(self) -> None:
        """Tell operators in plain words what the cycle waits for."""
        cycle: Cycle = self._cycle
        open_issues = sum(issue.open for issue in cycle.issues)
        workflow.set_current_details(told(waits_for(cycle)))
        if (cycle.status, open_issues > 0) == self._shown:
            return
        self._shown = (cycle.status, open_issues > 0)
        workflow.upsert_search_attributes(
            [
                STATUS.value_set(cycle.status),
                OPEN_ISSUES.value_set(open_issues > 0),
                MEETING_ON.value_set(cycle.meeting_on.isoformat()),
            ]
        )

    def _run_is_long(self) -> bool:
        info = workflow.info()
        limit = self._start.continue_after - self._start.margin
        long = info.get_current_history_length() >= limit
        return (long or info.is_continue_as_new_suggested()) and not over(self._cycle)

    def _next_start(self) -> CycleStart:
        carried = Carried(
            cycle=self._cycle, versions=self._recording.versions,
            outbox=tuple(self._recording.outbox), answered=self._recording.latest(),
        )  # fmt: skip
        return replace(self._start, opening=None, carried=carried)
