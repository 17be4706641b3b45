"""The core worker's activities. Each may run twice; the ledger makes that harmless."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from engine.beginnings import well_placed
from engine.cycle.shield import left_out
from engine.ledger.port import EventCollisionError, Ledger
from engine.people.actor import ActorNotProved, prove_opening
from engine.people.keys import ActorKeys
from engine.people.leaving import Cycles
from engine.plan.calls import Roster, collect
from engine.plan.merge import merge
from engine.plan.steps import Plan
from engine.policy.calendar import local_day
from engine.reading.retention import Retention
from engine.record import EventEnvelope
from engine.refusal import Refused, refuse
from workflows.answers import refusal
from workflows.shapes import (
    APPEND,
    DESTROY_DUE,
    MERGE,
    PROVE_OPENING,
    SNAPSHOT,
    Batch,
    MergeRequest,
    Opening,
)

log = structlog.get_logger()

STREAMS = {"cycle": ("cycle", "issue", "appeal"), "campaign": ("campaign",)}
"""Which streams the workflows of a room write, each below its own name."""


class Activities:
    """Holds the ledger, and how to look which plugins there are without importing them.

    An append stays open for ``linger_s`` after it has written, so that commands in a burst
    share the next one: a third fewer history events, and nobody waits for it.
    """

    def __init__(
        self, ledger: Callable[[], Ledger], roster: Callable[[str], Roster], *, linger_s: float
    ) -> None:
        self._ledger = ledger
        self._roster = roster
        self._linger_s = linger_s

    @activity.defn(name=APPEND)
    async def append_events(self, batch: Batch) -> int:
        """Append ``batch`` and return the ledger's position; repeated, it changes nothing.

        Raises:
            ApplicationError: the events are not of the workflow that hands them in, or a
                stream would not begin with its opening.
        """
        _refuse_what_is_not_its_own(activity.info().workflow_id, batch)
        try:
            head = await asyncio.to_thread(lambda: self._ledger().append(batch.events))
        except EventCollisionError as incident:
            log.error("ledger_incident", event_id=str(incident))
            raise
        log.info(
            "events_appended",
            count=len(batch.events),
            position=head.position,
            cycle=activity.info().workflow_id,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(activity.wait_for_worker_shutdown(), self._linger_s)
        return head.position

    @activity.defn(name=SNAPSHOT)
    def snapshot_roster(self, unit: str = "") -> Roster:
        """Return which plugins there are for ``unit``, by their manifests alone."""
        roster = self._roster(unit)
        log.info("roster_taken", count=len(roster.entries))
        return roster

    @activity.defn(name=MERGE)
    def merge_plan(self, request: MergeRequest) -> Plan:
        """Return the merged plan; pure, and recorded as this activity's result."""
        answers = collect(request.roster, request.envelopes)
        roster = request.roster
        plan = merge(answers, unloaded=roster.conflicts, fixed=roster.order)
        for conflict in plan.conflicts:
            log.warning("contribution_dropped", plugin=conflict.plugin, code=conflict.code)
        log.info("plan_merged", digest=plan.digest, count=len(plan.steps))
        return plan


def _refuse_what_is_not_its_own(workflow: str | None, batch: Batch) -> None:
    """Let a workflow write its own streams alone, as they begin, and nobody who is none."""
    room, _, name = (workflow or "").partition("/")
    own = {f"{stream}/{name}" for stream in STREAMS.get(room, ())}
    if name and all(_rooted(e) in own and well_placed(e) for e in batch.events):
        return
    log.error("append_refused", workflow=workflow, count=len(batch.events))
    raise ApplicationError(
        "这些事件不归它记 | these events are not its own to record", type="foreign_events",
        non_retryable=True,
    )  # fmt: skip


def _rooted(event: EventEnvelope) -> str:
    """Return the first two parts of the name of its stream."""
    return "/".join(event.stream.split("/")[:2])


class OpeningActivity:
    """Knows the roots of this installation; without ``keys`` it knows none.

    ``cycles`` returns the cycles of a unit, whose shields the next one takes.
    """

    def __init__(self, keys: ActorKeys | None, cycles: Cycles | None) -> None:
        self._keys = keys
        self._cycles = cycles

    @activity.defn(name=PROVE_OPENING)
    def prove_opening(self, opening: Opening) -> bool:
        """Say whether anybody vouches for ``opening``, where anybody has to.

        Raises:
            ApplicationError: it is refused, with the reason.
            ActorKeysError: the keys here cannot be used; it is asked again.
        """
        workflow = activity.info().workflow_id or ""
        roots = self._keys.known() if self._keys else ()
        try:
            if roots:
                prove_opening(
                    opening.proof, pinned=opening.roots, roots=roots, by=opening.by,
                    target=workflow, kind=opening.kind, digest=opening.digest,
                    now=opening.started,
                )  # fmt: skip
        except ActorNotProved as refused:
            log.warning("opening_refused", workflow=workflow, why=refused.why)
            raise refusal(refused) from None
        self._keep_shields(opening, workflow)
        log.info("opening_taken", workflow=workflow, proved=bool(roots))
        return bool(roots)

    def _keep_shields(self, opening: Opening, workflow: str) -> None:
        """Refuse an opening that leaves out whom the unit's earlier cycles shield."""
        if not opening.unit or self._cycles is None:
            return
        earlier, today = self._cycles(opening.unit), local_day(opening.started)
        try:
            refuse(left_out(earlier, opening.shields, today))
        except Refused as refused:
            log.warning("opening_refused", workflow=workflow, why="shield_left_out")
            raise refusal(refused) from None


class RetentionActivity:
    """Holds how to get the retention: the vault is opened when the first night comes."""

    def __init__(self, retention: Callable[[], Retention]) -> None:
        self._retention = retention

    @activity.defn(name=DESTROY_DUE)
    def destroy_due(self) -> None:
        """Destroy what is due; repeated, it finds nothing left to do."""
        self._retention().destroy()
