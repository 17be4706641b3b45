"""The embedded stack encrypts by itself: its keys, its children, and a key that is gone."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from encrypted import FILED, SCENARIO
from stack import real_stack
from temporalio.client import WorkflowExecutionStatus

from engine.gateway import CycleClosed
from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.codec import sealed_for
from workflows.gateway import TemporalGateway, connect, workflow_id
from workflows.lost import payloads_of

DAY = datetime(2027, 1, 1, tzinfo=UTC)

PATCHED = "marker_recorded_event_attributes"
"""A patch of the workflow's code: its name, in clear."""


async def test_the_stack_makes_a_key_and_its_server_never_sees_a_command(tmp_path):
    async with real_stack(Settings(data_dir=tmp_path)) as (_, reached):
        gateway = TemporalGateway(await connect(reached), reached)
        await gateway.open(SCENARIO.named("c").opening())
        await gateway.submit("c", "file_plan", FILED, command_id="c1")
        history = await (await connect(reached)).get_workflow_handle("cycle/c").fetch_history()
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("temporal.db*"))

    assert len(Keyring(tmp_path / "payload-keys").keys()) == 1
    assert "open_door" in str(tmp_path.joinpath("plugins.json").read_text("utf-8"))
    assert b"binary/encrypted" in kept
    assert FILED["content"].encode() not in kept
    said = [event for event in history.events if not event.HasField(PATCHED)]
    in_clear = [p for event in said for p in payloads_of(event) if not sealed_for(p)]
    assert all("type" in payload.metadata for payload in in_clear)  # search attributes alone


async def test_a_worker_of_the_stack_ends_the_run_whose_key_is_destroyed(tmp_path):
    doomed, spared = f"d-{uuid4().hex[:6]}", f"s-{uuid4().hex[:6]}"
    async with real_stack(Settings(data_dir=tmp_path)) as (stack, reached):
        client = await connect(reached)
        gateway, keyring = TemporalGateway(client, reached), Keyring(reached.payload_folder)
        await gateway.open(SCENARIO.named(doomed).opening())
        first = keyring.newest().id
        keyring.rotate(DAY)
        await gateway.open(SCENARIO.named(spared).opening())
        keyring.destroy(first, DAY)
        os.kill(stack.pid("worker"), signal.SIGKILL)  # what it remembers needs no key
        stack.reap("worker")
        stack.mend()
        with pytest.raises(CycleClosed):
            await gateway.submit(doomed, "file_plan", FILED, command_id="c1")
        receipt = await gateway.submit(spared, "file_plan", FILED, command_id="c1")
        found = await client.get_workflow_handle(workflow_id(doomed)).describe()

    assert receipt.events == ("PlanFiled",)
    assert found.status == WorkflowExecutionStatus.TERMINATED
    assert '"run_ended"' in (tmp_path / "worker.log").read_text("utf-8")
