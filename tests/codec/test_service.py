"""Encrypted cycles on a real server: spliced payloads, rotation, missing and destroyed keys."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from encrypted import DAY, FILED
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.converter import WorkflowSerializationContext

from engine.gateway import CycleClosed, ServerUnreachable
from workflows.gateway import workflow_id
from workflows.lost import LostRuns, destroy, end, holding, keys_of, runs_holding
from workflows.unreadable import Destroyed


def sent(history):
    """Return the payload of the last command in ``history``, as the server keeps it."""
    accepted = [
        e.workflow_execution_update_accepted_event_attributes.accepted_request.input.args
        for e in history.events
        if e.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    return accepted[-1].payloads[0]


def flipped(payload, at):
    data = bytearray(payload.data)
    data[at] ^= 1
    return Payload(metadata=payload.metadata, data=bytes(data))


async def test_a_command_spliced_from_another_cycle_is_refused_at_the_door(stage):
    async with stage.workers():
        theirs, ours = await stage.opened(), await stage.opened()
        await stage.gateway.submit(theirs, "file_plan", FILED, command_id="c1")
        taken = sent(await stage.history(theirs))
        before = len((await stage.history(ours)).events)
        client = await stage.forging()
        handle = client.get_workflow_handle(workflow_id(ours))
        for number, payload in enumerate([taken, flipped(taken, 3), flipped(taken, 40)]):
            with pytest.raises(WorkflowUpdateFailedError) as failed:
                await handle.execute_update("file_plan", RawValue(payload), id=f"x{number}")
            [reason] = failed.value.cause.details[0]

            assert reason["code"] == "command_unreadable"
            assert reason["facts"]["why"] == "refused"
            assert "TAIZHANG_PAYLOAD_KEYS" in reason["zh"]
        assert len((await stage.history(ours)).events) == before
        receipt = await stage.gateway.submit(ours, "file_plan", FILED, command_id="c1")

        assert receipt.events == ("PlanFiled",)


async def test_a_command_under_a_key_that_is_not_here_is_refused_at_the_door(stage):
    async with stage.workers():
        cycle = await stage.opened()
        await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
        payload = sent(await stage.history(cycle))
        payload.metadata["encryption-key-id"] = b"20200101-00000000"
        handle = (await stage.forging()).get_workflow_handle(workflow_id(cycle))
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await handle.execute_update("file_plan", RawValue(payload), id="x")

        assert failed.value.cause.details[0][0]["facts"]["why"] == "unknown"


@pytest.mark.parametrize("cached", [500, 0])
async def test_a_key_is_rotated_in_the_middle_of_a_run(stage, cached):
    first = stage.keyring.newest()
    async with stage.workers(cached=cached):
        cycle = await stage.opened()
        second = stage.keyring.rotate(DAY)
        await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
        await stage.gateway.submit(cycle, "accept_filing", {"by": "sup"}, command_id="c2")
        history = await stage.history(cycle)

    assert keys_of(history.events[0]) == {first.id}
    assert keys_of(sent(history)) == {second.id}


async def test_a_run_that_continues_as_new_leaves_the_old_key_behind(stage):
    settings = stage.settings.model_copy(update={"continue_after_events": 20})
    stage.gateway = type(stage.gateway)(stage.client, settings)
    first = stage.keyring.newest().id
    async with stage.workers(cached=0):
        cycle = await stage.opened()
        assert await runs_holding(stage.client, first)
        stage.keyring.rotate(DAY)
        await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
        await stage.gateway.submit(cycle, "accept_filing", {"by": "sup"}, command_id="c2")
        for number in range(8):
            body = {"by": "m05", "batch": f"b{number}", "channel": "forum"}
            await stage.gateway.submit(
                cycle, "close_opinion_batch", body, command_id=f"b{number}"
            )
        async with asyncio.timeout(20):
            while workflow_id(cycle) in dict(await runs_holding(stage.client, first)):
                await asyncio.sleep(0.1)
        stage.keyring.destroy(first, DAY)
        body = {"by": "m05", "batch": "last", "channel": "forum"}
        receipt = await stage.gateway.submit(
            cycle, "close_opinion_batch", body, command_id="last"
        )

    assert receipt.events


async def test_a_worker_without_the_key_waits_for_it_and_goes_on(stage, tmp_path):
    async with stage.workers():
        cycle = await stage.opened()
    other = stage.settings.model_copy(update={"payload_keys": tmp_path / "other"})
    first = stage.keyring.newest().id
    lacking = type(stage.keyring)(other.payload_folder)
    lacking.ensure(DAY)
    stage.client = await stage.connected(payload_keys=other.payload_keys)
    async with stage.workers(cached=0):
        filing = asyncio.create_task(
            stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
        )
        await asyncio.sleep(2)
        assert not filing.done()
        shutil.copy(stage.keyring.folder / f"{first}.json", other.payload_folder)
        for path in lacking.folder.glob("*.json"):
            if path.stem != first:
                shutil.copy(path, stage.keyring.folder)
        receipt = await asyncio.wait_for(filing, 60)

    assert receipt.events == ("PlanFiled",)


async def test_a_destroyed_key_leaves_tombstones_in_a_run_that_is_over(stage):
    first = stage.keyring.newest().id
    async with stage.workers():
        cycle = await stage.opened()
        await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
    handle = stage.client.get_workflow_handle(workflow_id(cycle))
    await handle.terminate()
    stage.keyring.rotate(DAY)
    assert workflow_id(cycle) not in dict(await runs_holding(stage.client, first))
    stage.keyring.destroy(first, DAY)
    payload = sent(await stage.history(cycle))
    there = WorkflowSerializationContext("default", workflow_id(cycle))
    reading = stage.client.data_converter.with_context(there)

    assert await reading.decode([payload]) == [Destroyed(key=first)]


async def test_an_open_run_whose_key_is_destroyed_is_ended_and_no_other_is_touched(stage):
    first = stage.keyring.newest().id
    async with stage.workers():
        doomed = await stage.opened()
    stage.keyring.rotate(DAY)
    async with stage.workers():
        spared = await stage.opened()
    assert dict(await runs_holding(stage.client, first)).keys() >= {workflow_id(doomed)}
    assert workflow_id(spared) not in dict(await runs_holding(stage.client, first))

    stage.keyring.destroy(first, DAY)  # by hand, past the command that would refuse
    lost = LostRuns()
    stage.client = await stage.connected(lost.hear)
    async with lost.ending(stage.client), stage.workers(cached=0):
        with pytest.raises(CycleClosed):
            await stage.gateway.submit(doomed, "file_plan", FILED, command_id="c1")
        receipt = await stage.gateway.submit(spared, "file_plan", FILED, command_id="c1")
        found = await stage.client.get_workflow_handle(workflow_id(doomed)).describe()

    assert receipt.events == ("PlanFiled",)
    assert found.status == WorkflowExecutionStatus.TERMINATED


async def test_a_command_under_a_destroyed_key_ends_no_run(stage):
    async with stage.workers():
        old = await stage.opened()
        await stage.gateway.submit(old, "file_plan", FILED, command_id="c1")
    payload, first = sent(await stage.history(old)), stage.keyring.newest().id
    await end(stage.client, workflow_id(old), "", first)
    stage.keyring.rotate(DAY)
    stage.keyring.destroy(first, DAY)
    lost = LostRuns()
    stage.client = await stage.connected(lost.hear)
    async with lost.ending(stage.client), stage.workers():
        cycle = await stage.opened()
        handle = (await stage.forging()).get_workflow_handle(workflow_id(cycle))
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await handle.execute_update("file_plan", RawValue(payload), id="x")
        await asyncio.sleep(1)
        receipt = await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")

    assert failed.value.cause.details[0][0]["facts"]["why"] == "destroyed"
    assert receipt.events == ("PlanFiled",)


async def test_destroying_by_force_ends_the_runs_that_need_the_key_and_names_them(stage):
    settings = stage.settings.model_copy(update={"temporal_address": stage.server.address})
    first = stage.keyring.newest().id
    async with stage.workers():
        doomed = await stage.opened()
        stage.keyring.rotate(DAY)
        spared = await stage.opened()
    assert await holding(settings, first) == [workflow_id(doomed)]

    assert await destroy(settings, first, DAY) == [workflow_id(doomed)]
    assert stage.keyring.find(first).secret is None
    handle = stage.client.get_workflow_handle(workflow_id(spared))
    assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
    handle = stage.client.get_workflow_handle(workflow_id(doomed))
    assert (await handle.describe()).status == WorkflowExecutionStatus.TERMINATED


async def test_a_key_is_not_destroyed_while_the_server_is_away(stage):
    first = stage.keyring.newest().id
    stage.keyring.rotate(DAY)
    away = stage.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    with pytest.raises(ServerUnreachable):
        await destroy(away, first, DAY)

    assert stage.keyring.find(first).secret
