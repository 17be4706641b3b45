"""The gateway over Temporal: a command is an update under its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from engine.cycle.commands import CycleCommand, OpenCycle
from engine.cycle.decide import open_cycle
from engine.cycle.errors import BadCommand, CommandIdReused
from engine.cycle.parse import parse
from engine.gateway import (
    CommandRefused,
    CycleClosed,
    CycleExists,
    CycleNotFound,
    Reason,
    Receipt,
    ServerUnreachable,
)
from engine.people.keys import ActorKeys
from engine.record import canonical_json, digest
from engine.refusal import Refused
from engine.settings import Settings
from workflows.attributes import UNIT
from workflows.codec import Lost
from workflows.converter import converter
from workflows.shapes import AWAIT_PLAN, CYCLE_WORKFLOW, CycleStart

log = structlog.get_logger()
T = TypeVar("T")

CONNECT_S = 3
AGAIN_S = 0.2
ANSWER = timedelta(seconds=10)
TRIES = 6
BURST = 3
"""Fifths of a run that a burst of commands may fill while one append lingers."""
PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)


def workflow_id(cycle: str) -> str:
    """Return the id of the workflow that runs ``cycle``."""
    return f"cycle/{cycle}"


async def connect(settings: Settings, lost: Lost | None = None) -> Client:
    """Return a client for the configured server; ``lost`` hears of destroyed keys.

    Raises:
        ServerUnreachable: nobody answers within three seconds.
        PayloadKeyError: payloads are encrypted and there is no key.
    """
    address, how = settings.temporal_address or "127.0.0.1:7233", converter(settings, lost)
    try:
        async with asyncio.timeout(CONNECT_S):
            return await _connected(address, settings.namespace, how)
    except (RuntimeError, TimeoutError, RPCError) as error:
        raise ServerUnreachable(address) from error


async def _connected(address: str, namespace: str, how: DataConverter) -> Client:
    """Connect; a server that listens but is not healthy yet is asked again."""
    while True:
        try:
            return await Client.connect(address, namespace=namespace, data_converter=how)
        except (RuntimeError, RPCError):
            if not await _listens(address):
                raise
        await asyncio.sleep(AGAIN_S)


async def _listens(address: str) -> bool:
    """Return whether anybody takes connections at ``address``."""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, ValueError):
        return False
    writer.close()
    return True


def _answered(error: WorkflowUpdateFailedError) -> CommandRefused:
    """Return the refusal a workflow answered with, reasons and all."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.details:
        return CommandRefused(tuple(Reason.model_validate(r) for r in cause.details[0]))
    said = str(cause)
    return CommandRefused((Reason(code="refused", zh=said, en=said),))


async def wall_now() -> datetime:
    """Return what time it is here."""
    return datetime.now(UTC)  # noqa: TID251  the border to the server


class TemporalGateway:
    """Sends commands to the workflows that hold the cycles.

    With ``keys`` it vouches for who sends each command, and cycles it opens take no other.
    ``now`` is the server's time, where that is not the time here.
    """

    def __init__(
        self, client: Client, settings: Settings, keys: ActorKeys | None = None, *,
        now: Callable[[], Awaitable[datetime]] = wall_now,
    ) -> None:  # fmt: skip
        self._client = client
        self._settings = settings
        self._keys = keys
        self._now = now

    async def open(self, command: OpenCycle) -> None:
        """Start the cycle's workflow and wait until its plan is pinned; see ``Gateway``."""
        try:
            open_cycle(command, now=await wall_now())  # only to hear reasons
        except Refused as refused:
            raise CommandRefused.because(refused) from None
        roots = self._keys.roots(await self._now()) if self._keys else ()
        start = CycleStart(
            opening=command, plugins=command.plugins, roots=roots,
            plugin_queue=self._settings.plugin_task_queue,
            plugin_wait_s=self._settings.plugin_wait_s,
            continue_after=self._settings.continue_after_events,
            margin=self._settings.continue_after_events * BURST // 5,
        )  # fmt: skip
        try:
            handle: WorkflowHandle[Any, Any] = await self._client.start_workflow(
                CYCLE_WORKFLOW, start, id=workflow_id(command.cycle),
                task_queue=self._settings.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"组织生活会周期 | meeting cycle {command.unit}",
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(UNIT, command.unit)]
                ),
            )  # fmt: skip
        except WorkflowAlreadyStartedError as error:
            raise CycleExists(command.cycle) from error
        except RPCError as error:
            raise ServerUnreachable(str(error)) from error
        await self._patiently(
            lambda: handle.execute_update(
                AWAIT_PLAN, id=f"{command.cycle}-plan", rpc_timeout=timedelta(seconds=90)
            ),
            command.cycle,
        )
        log.info("cycle_opened", cycle=command.cycle, unit=command.unit)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Send the command and wait for its receipt; see ``Gateway``."""
        command = self._checked(kind, body)
        content = digest(command.model_dump(mode="json"))
        proof = await self._proof(command, cycle, command_id, content)
        handle = self._client.get_workflow_handle(workflow_id(cycle))
        receipt: Receipt = await self._patiently(
            lambda: handle.execute_update(
                kind, args=[body, *proof], id=command_id, result_type=Receipt,
                rpc_timeout=ANSWER,
            ),
            cycle,
        )  # fmt: skip
        if receipt.digest != content:
            raise CommandRefused.because(CommandIdReused(command_id))
        log.info("command_recorded", cycle=cycle, kind=kind, command=command_id)
        return receipt

    async def _proof(
        self, command: CycleCommand, cycle: str, command_id: str, content: str
    ) -> tuple[str, ...]:
        """Return the assertion that goes with a command, where this gateway has keys."""
        if self._keys is None:
            return ()
        now = await self._now()
        return (
            self._keys.signer(now).assertion(
                by=command.by, cycle=cycle, kind=command.kind, command=command_id,
                digest=content, now=now,
            ),
        )  # fmt: skip

    def _checked(self, kind: str, body: dict[str, Any]) -> CycleCommand:
        """Return the command; refuse here what the workflow would refuse too."""
        size, limit = len(canonical_json(body).encode()), self._settings.command_limit_bytes
        if size > limit:
            raise CommandRefused.because(
                BadCommand(kind, f"{size} bytes, the limit is {limit}")
            )
        try:
            return parse(kind, body)
        except Refused as refused:
            raise CommandRefused.because(refused) from None

    async def _patiently(self, send: Callable[[], Awaitable[T]], cycle: str) -> T:
        """Send until somebody answers; the same id makes repeating safe."""
        for attempt in range(1, TRIES + 1):
            try:
                return await send()
            except WorkflowUpdateFailedError as error:
                raise _answered(error) from None
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                log.warning("command_retried", cycle=cycle, attempt=attempt)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise await self._why_not_there(cycle) from None
                if error.status not in PASSING:
                    raise
                log.warning("command_retried", cycle=cycle, attempt=attempt)
                await asyncio.sleep(0.3 * attempt)
        raise ServerUnreachable(self._settings.temporal_address or "")

    async def _why_not_there(self, cycle: str) -> Exception:
        """Return whether the cycle is closed or was never there."""
        try:
            await self._client.get_workflow_handle(workflow_id(cycle)).describe()
        except RPCError:
            return CycleNotFound(cycle)
        return CycleClosed(cycle)
