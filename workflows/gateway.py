"""The gateway over Temporal: a command is an update under its own name."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.converter import DataConverter
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from engine.cycle.commands import OpenCycle
from engine.cycle.decide import open_cycle
from engine.cycle.parse import parse
from engine.gateway import (
    CommandRefused,
    CycleClosed,
    CycleExists,
    CycleNotFound,
    Receipt,
    RefusedLater,
    ServerUnreachable,
)
from engine.people.keys import ActorKeys
from engine.refusal import Refused
from engine.settings import Settings
from workflows.attributes import UNIT
from workflows.codec import Lost
from workflows.converter import converter
from workflows.sending import Sender
from workflows.shapes import AWAIT_CLOSING, AWAIT_PLAN, CYCLE_WORKFLOW, CycleStart
from workflows.starting import Starter
from workflows.vouching import Now, Vouching, wall_now

log = structlog.get_logger()

CONNECT_S = 3
AGAIN_S = 0.2
BURST = 3
"""Fifths of a run that a burst of commands may fill while one append lingers."""


def workflow_id(cycle: str) -> str:
    """Return the id of the workflow that runs ``cycle``."""
    return f"cycle/{cycle}"


async def connect(
    settings: Settings, lost: Lost | None = None, runtime: Runtime | None = None
) -> Client:
    """Return a client for the configured server; ``lost`` hears of destroyed keys.

    With ``runtime`` it is measured, see ``workflows.telemetry``.

    Raises:
        ServerUnreachable: nobody answers within three seconds.
        PayloadKeyError: payloads are encrypted and there is no key.
    """
    address, how = settings.temporal_address or "127.0.0.1:7233", converter(settings, lost)
    try:
        async with asyncio.timeout(CONNECT_S):
            return await _connected(
                address, namespace=settings.namespace, data_converter=how, runtime=runtime
            )
    except (RuntimeError, TimeoutError, RPCError) as error:
        raise ServerUnreachable(address) from error


async def _connected(
    address: str, *, namespace: str, data_converter: DataConverter, runtime: Runtime | None
) -> Client:
    """Connect; a server that listens but is not healthy yet is asked again."""
    while True:
        try:
            return await Client.connect(
                address, namespace=namespace, data_converter=data_converter, runtime=runtime
            )
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


class TemporalGateway:
    """Sends commands to the workflows that hold the cycles.

    With ``keys`` it vouches for who opens a cycle and who sends each command, and cycles it
    opens take no other.
    ``now`` is the server's time, where that is not the time here.
    """

    def __init__(
        self, client: Client, settings: Settings, keys: ActorKeys | None = None, *,
        now: Now = wall_now,
    ) -> None:  # fmt: skip
        self._settings = settings
        vouching = Vouching(keys, now)
        self._starter = Starter(
            client, settings, vouching, workflow=CYCLE_WORKFLOW, exists=CycleExists
        )
        self._sender = Sender(
            client, settings, absent=CycleNotFound, over=CycleClosed, vouching=vouching
        )

    async def open(self, command: OpenCycle) -> None:
        """Start the cycle's workflow and wait until its plan is pinned; see ``Gateway``."""
        try:
            open_cycle(command, now=await wall_now())  # only to hear reasons
        except Refused as refused:
            raise CommandRefused.because(refused) from None
        start = CycleStart(
            opening=command, plugins=command.plugins,
            plugin_queue=self._settings.plugin_task_queue,
            plugin_wait_s=self._settings.plugin_wait_s,
            continue_after=self._settings.continue_after_events,
            margin=self._settings.continue_after_events * BURST // 5,
        )  # fmt: skip
        target, unit = workflow_id(command.cycle), SearchAttributePair(UNIT, command.unit)
        await self._starter.start(
            start, target, summary=f"组织生活会周期 | meeting cycle {command.unit}",
            attributes=TypedSearchAttributes([unit]),
        )  # fmt: skip
        await self._sender.wait(target, AWAIT_PLAN, id=f"{command.cycle}-plan")
        log.info("cycle_opened", cycle=command.cycle, unit=command.unit)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Send the command and wait for its receipt; see ``Gateway``.

        A closing that plugins are asked about is answered when they have been.
        """
        receipt = await self._sender.submit(
            workflow_id(cycle), kind, body, command_id=command_id, parse=parse
        )
        log.info("command_recorded", cycle=cycle, kind=kind, command=command_id)
        if "ClosingAsked" not in receipt.events:
            return receipt
        try:
            ended = await self._sender.wait(
                workflow_id(cycle), AWAIT_CLOSING, body["issue"], id=f"{command_id}-closing",
                result_type=tuple[str, ...],
            )  # fmt: skip
        except CommandRefused as refused:
            raise RefusedLater(refused.reasons) from None
        except CycleClosed:
            return receipt  # it was the last issue, and nothing is left that could answer
        stream = f"issue/{cycle}/{body['issue']}"
        versions = {**receipt.versions, stream: receipt.versions[stream] + len(ended)}
        events = (*receipt.events, *ended)
        return receipt.model_copy(update={"events": events, "versions": versions})
