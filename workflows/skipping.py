"""The server that skips time: in memory, without a page, for rehearsals and never for ``up``.

It is the SDK's Java test server, started with its time locked: it runs like the wall clock
until ``skip`` is asked, then timers ring one after another without waiting. Unlocked
(``--enable-time-skipping``) it leaps ten years ahead, to the timeout of the workflows,
whenever nobody has anything to do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.empty_pb2 import Empty
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client

from engine.settings import Settings
from workflows.attributes import TYPES
from workflows.gateway import connect
from workflows.places import time_skipping_binary

KINDS = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Bool": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
}


def skipping_command(port: int) -> list[str]:
    """Return the command line of a server that skips time when it is asked to."""
    return [time_skipping_binary(), str(port)]


async def register_attributes(settings: Settings) -> None:
    """Tell a fresh server our search attributes; it takes them by call only.

    Raises:
        ServerUnreachable: nobody answers.
    """
    client = await connect(settings)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=settings.namespace,
            search_attributes={name: KINDS[kind] for name, kind in TYPES.items()},
        )
    )


class SkippingClock:
    """The clock of a server that can skip time; see ``engine.scenario.calendar``."""

    def __init__(self, client: Client) -> None:
        self._service = client.test_service

    async def now(self) -> datetime:
        """Return what time it is for the server."""
        answer = await self._service.get_current_time(Empty())
        return answer.time.ToDatetime(tzinfo=UTC)

    async def skip(self, duration: timedelta) -> None:
        """Let ``duration`` pass at once; waits for activities, then for every timer due."""
        asked = Duration()
        asked.FromTimedelta(duration)
        await self._service.unlock_time_skipping_with_sleep(SleepRequest(duration=asked))


@asynccontextmanager
async def clock(settings: Settings) -> AsyncIterator[SkippingClock]:
    """Give the clock of the server at the configured address."""
    yield SkippingClock(await connect(settings))
