"""The plain Temporal CLI hears reasons, and can act only where nobody is vouched for.

Where payloads are plain: it cannot encrypt, and reads through the codec server only
(``tests/codec``).
"""

from __future__ import annotations

import asyncio
import json
import subprocess

import pytest
from stack import Running
from temporalio.client import Client

from engine.people.keys import ActorKeys
from engine.scenario.load import find, load
from engine.settings import Settings
from workflows.converter import converter
from workflows.gateway import TemporalGateway, workflow_id
from workflows.places import temporal_binary

SCENARIO = load(find("nanzhang"))
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"


@pytest.fixture
async def running(server, tmp_path):
    """Workers that encrypt nothing."""
    settings = Settings(data_dir=tmp_path, task_queue="plain", plugins="", payloads="plain")
    address = server.client.service_client.config.target_host
    client = await Client.connect(address, data_converter=converter(settings))
    stack = Running(client, settings)
    async with stack.workers():
        yield stack


async def temporal(running, *args):
    address = running.client.service_client.config.target_host
    return await asyncio.to_thread(
        subprocess.run,
        [temporal_binary(), *args, "--address", address],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip


async def update(running, cycle, name, body):
    return await temporal(
        running, "workflow", "update", "execute", "--workflow-id", workflow_id(cycle),
        "--name", name, "--input", json.dumps(body),
    )  # fmt: skip


async def test_a_permitted_command_works_and_another_returns_its_reasons(running):
    scenario = SCENARIO.named("plain-cli")
    await running.gateway.open(scenario.opening())
    done = await update(running, "plain-cli", "file_plan", {"by": "m01", "content": SEALED})
    refused = await update(
        running, "plain-cli", "open_meeting",
        {"by": "m01", "present": ["m01"], "chair": "m01", "recorder": "m01"},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "PlanFiled" in done.stdout
    assert refused.returncode == 1
    for said in ("gate study is open", "gate talks is open", "quorum is 10"):
        assert said in refused.stderr + refused.stdout

    shown = await temporal(
        running, "workflow", "show", "--workflow-id", workflow_id("plain-cli"), "-o", "json"
    )
    assert '"file_plan"' in shown.stdout
    assert '"open_meeting"' not in shown.stdout


async def test_a_cycle_opened_with_keys_refuses_it_and_takes_the_same_from_a_gateway(
    running, tmp_path
):
    gateway = TemporalGateway(running.client, running.settings, ActorKeys(tmp_path / "keys"))
    body = {"by": "m01", "content": SEALED}
    await gateway.open(SCENARIO.named("plain-signed").opening())
    refused = await update(running, "plain-signed", "file_plan", body)
    taken = await gateway.submit("plain-signed", "file_plan", body, command_id="f")

    assert refused.returncode == 1
    assert "who acts is not proved (missing)" in refused.stderr + refused.stdout
    assert taken.events == ("PlanFiled",)
