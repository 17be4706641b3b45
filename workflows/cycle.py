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
    from engine.cycle.commands import CycleCommand
    from engine.cycle.decide import decide, open_cycle
    from engine.cycle.errors import CommandIdReused, CommandUnreadable, PlanIsBlocked
    from engine.cycle.events import AnyEvent
    from engine.cycle.evolve import fold, folded
    from engine.cycle.parse import enveloped, stream_of
    from engine.cycle.planning import composed
    from engine.cycle.state import Cycle
    from engine.cycle.timely import moment, next_due, over, time_passed
    from engine.cycle.waiting import waits_for
    from engine.gateway import Receipt
    from engine.record import EventEnvelope, digest
    from engine.refusal import Refused
    from engine.vault.unreadable import PayloadUnreadableError
    from workflows.answers import parsed, prove_actor, refusal
    from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS
    from workflows.planning import FOR_EVER, QUICK, compose, pause_before
    from workflows.shapes import (
        APPEND,
        AWAIT_PLAN,
        CYCLE_WORKFLOW,
        Batch,
        Carried,
        CycleEnd,
        CycleStart,
    )

REMEMBERED = 256


@workflow.defn(name=CYCLE_WORKFLOW)
class CycleWorkflow:
    """Holds a cycle and its issues from the opening to the archive."""

    @workflow.init
    def __init__(self, start: CycleStart) -> None:
        self._start = start
        self._versions: dict[str, int] = {}
        self._outbox: deque[EventEnvelope] = deque()
        self._answered: dict[str, Receipt] = {}
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None
        self._shown = ("", False)
        self._appended = False
        self._refusal: ApplicationError | None = None
        self._cycle: Cycle
        if start.carried:
            self._cycle = start.carried.cycle
            self._versions = dict(start.carried.versions)
            self._outbox.extend(start.carried.outbox)
            self._answered = dict(start.carried.answered)
        else:
            self._open(start)

    def _open(self, start: CycleStart) -> None:
        """Decide the opening; a refusal is kept for ``run``, which fails with it."""
        assert start.opening is not None
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
        if self._refusal:
            raise self._refusal
        if self._cycle.plan is None:
            await self._plan()
        while not over(self._cycle) or self._outbox:
            self._show()
            await self._wait()
            self._note_time()
            if self._cycle.replanning:
                await self._compose()
            if not (self._appended and self._start.margin and self._run_is_long()):
                await self._flush()
            if self._run_is_long():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._next_start())
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return CycleEnd(
            cycle=self._cycle.id, issues=len(self._cycle.issues), versions=self._versions
        )

    @workflow.update(name=AWAIT_PLAN, description="返回步骤数,待方案编定 | steps once planned")
    async def await_plan(self) -> int:
        """Return the number of planned steps once the plan is pinned; changes nothing."""
        await workflow.wait_condition(lambda: bool(self._cycle.plan or self._cycle.blocked))
        if self._cycle.plan is None:
            raise refusal(PlanIsBlocked(self._cycle.blocked))
        return len(self._cycle.pinned_plan.steps)

    @workflow.update(dynamic=True)
    def submit(self, name: str, args: Sequence[RawValue]) -> Receipt:
        """Decide and fold in one breath: no ``await``, so nothing interleaves."""
        command_id = self._command_id()
        try:
            command = parsed(name, args)
            if known := self._known(command_id, command):
                return known
            self._note_time()
            events = decide(self._cycle, command, now=self._now())
        except Refused as refused:
            raise refusal(refused) from None
        self._cycle = fold(self._cycle, events)
        receipt = self._post(events, command_id, digest(command.model_dump(mode="json")))
        self._answered[command_id] = receipt
        return receipt

    @submit.validator
    def refuse_early(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse before anything is written to history."""
        try:
            command = parsed(name, args)
            prove_actor(self._start.roots, command, name, self._command_id(), args)
            if not self._known(self._command_id(), command):
                now = self._now()
                decide(fold(self._cycle, time_passed(self._cycle, now=now)), command, now=now)
        except Refused as refused:
            raise refusal(refused) from None
        except PayloadUnreadableError as error:
            raise refusal(CommandUnreadable(error.why, error.key)) from None

    def _command_id(self) -> str:
        info = workflow.current_update_info()
        assert info is not None
        return info.id

    def _known(self, command_id: str, command: CycleCommand) -> Receipt | None:
        """Return the receipt of a command sent before, also in an earlier run."""
        receipt = self._answered.get(command_id)
        if receipt and receipt.digest != digest(command.model_dump(mode="json")):
            raise CommandIdReused(command_id)
        return receipt

    def _now(self) -> datetime:
        return moment(self._cycle, workflow.now())

    def _post(
        self, events: Sequence[AnyEvent], command_id: str, command_digest: str = ""
    ) -> Receipt:
        """Number the events, put them into the outbox and return their receipt."""
        touched: dict[str, int] = {}
        for event in events:
            stream = stream_of(event, self._cycle.id)
            version = self._versions.get(stream, 0) + 1
            self._versions[stream] = touched[stream] = version
            self._outbox.append(
                enveloped(event, cycle=self._cycle.id, version=version, command=command_id)
            )
        kinds = tuple(event.kind for event in events)
        return Receipt(
            command=command_id, digest=command_digest, events=kinds, versions=touched
        )

    async def _plan(self) -> None:
        """Compose and pin the plan; a blocked one waits for a decision or tries again."""
        for again in itertools.count(1):
            await self._compose()
            if self._cycle.plan is not None:
                return
            self._show()
            await self._flush()
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

    async def _wait(self) -> None:
        """Wait for a command or for the next due moment, whichever comes first."""
        self._wind()
        await workflow.wait_condition(
            lambda: bool(self._outbox) or self._alarm_rang() or self._due_moved()
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

    async def _flush(self) -> None:
        """Append what is in the outbox; what a handler adds meanwhile stays for next time."""
        batch = Batch(events=tuple(self._outbox))
        if not batch.events:
            return
        await workflow.execute_activity(
            APPEND, batch, start_to_close_timeout=QUICK, retry_policy=FOR_EVER,
            summary=f"记入台账 {len(batch.events)} 条 | into the ledger",
        )  # fmt: skip
        self._appended = True
        for _ in batch.events:
            self._outbox.popleft()

    def _show(self) -> None:
        """Tell operators in plain words what the cycle waits for."""
        cycle: Cycle = self._cycle
        open_issues = sum(issue.open for issue in cycle.issues)
        workflow.set_current_details(waits_for(cycle))
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
        kept = dict(list(self._answered.items())[-REMEMBERED:])
        carried = Carried(
            cycle=self._cycle, versions=self._versions, outbox=tuple(self._outbox),
            answered=kept,
        )  # fmt: skip
        return replace(self._start, opening=None, carried=carried)
