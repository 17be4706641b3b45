"""What a destroyed key takes along: runs whose history it encrypted, and their end.

A run that cannot be replayed would fail its task for ever. It is ended instead, with the
key's id as the reason; the ledger keeps what was true.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.service import RPCError

from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.codec import Lost, sealed_for
from workflows.gateway import connect
from workflows.runs import KEY_DESTROYED

log = structlog.get_logger()


def payloads_of(message: Message) -> Iterator[Payload]:
    """Return every payload in ``message``, at whatever depth."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            value = value.values()
        for inner in [value] if isinstance(value, Message) else value:
            if isinstance(inner, Message):  # the values of a map may be plain
                yield from payloads_of(inner)


def keys_of(message: Message) -> set[str]:
    """Return the ids of the keys that encrypted something in ``message``."""
    return {said[0] for payload in payloads_of(message) if (said := sealed_for(payload))}


async def holds(client: Client, workflow: str, run: str, key: str) -> bool:
    """Say whether the history of a run needs ``key`` to be replayed."""
    handle = client.get_workflow_handle(workflow, run_id=run)
    async for event in handle.fetch_history_events():
        if key in keys_of(event):
            return True
    return False


async def runs_holding(client: Client, key: str) -> list[tuple[str, str]]:
    """Return the workflow and run ids of the open runs that need ``key``.

    Reads the history of every open run: an act for once in a while, not for every day.
    """
    open_runs = client.list_workflows("ExecutionStatus = 'Running'")
    return [
        (run.id, run.run_id)
        async for run in open_runs
        if await holds(client, run.id, run.run_id, key)
    ]


async def end(client: Client, workflow: str, run: str, key: str) -> None:
    """End a run that needs the destroyed ``key``; one that has ended stays as it is."""
    with suppress(RPCError):
        handle = client.get_workflow_handle(workflow, run_id=run)
        await handle.terminate(reason=KEY_DESTROYED.format(key=key))
        log.warning("run_ended", workflow=workflow, key=key)


async def holding(settings: Settings, key: str) -> list[str]:
    """Return the ids of the open workflows that need ``key``.

    Raises:
        ServerUnreachable: nobody answers.
    """
    return [workflow for workflow, _ in await runs_holding(await connect(settings), key)]


async def destroy(settings: Settings, key: str, now: datetime) -> list[str]:
    """Destroy ``key``, end the open runs that need it and return their workflows' ids.

    In that order: a run that is missed here is ended by its worker.

    Raises:
        ServerUnreachable: nobody answers; nothing is destroyed.
        PayloadKeyError: the key is not there, or it is the one that encrypts.
    """
    client = await connect(settings)
    Keyring(settings.payload_folder).destroy(key, now)
    runs = await runs_holding(client, key)
    for workflow, run in runs:
        await end(client, workflow, run, key)
    return [workflow for workflow, _ in runs]


class LostRuns:
    """Ends the runs that a worker cannot replay because their key is destroyed."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def hear(self, workflow: str, key: str) -> None:
        """Note a payload under a destroyed ``key``; called on the worker's loop."""
        if self._heard.empty():  # the task is tried again, and so is this
            self._heard.put_nowait((workflow, key))

    @asynccontextmanager
    async def ending(self, client: Client) -> AsyncIterator[Lost]:
        """End what is heard of for the length of the block."""
        task = asyncio.create_task(self._end(client))
        try:
            yield self.hear
        finally:
            task.cancel()

    async def _end(self, client: Client) -> None:
        while True:
            workflow, key = await self._heard.get()
            with suppress(RPCError):  # heard again while it lasts
                await self._look(client, workflow, key)

    async def _look(self, client: Client, workflow: str, key: str) -> None:
        """End the open run if its own history needs the key: an update at the door does not."""
        found = await client.get_workflow_handle(workflow).describe()
        if found.close_time is None and await holds(client, workflow, found.run_id, key):
            await end(client, workflow, found.run_id, key)
