"""A stranger reaches the server and holds no key: nothing of his is ever recorded.

He terminates, starts, signals and polls as he likes, for Temporal lets him. What he writes
is in clear, and a worker that encrypts takes nothing in clear.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from encrypted import FILED, SCENARIO
from temporalio import workflow
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollActivityTaskQueueRequest,
    RespondActivityTaskCompletedRequest,
)
from temporalio.client import (
    ActivityFailureError,
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import RetryPolicy
from temporalio.converter import DataConverter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from engine.cycle.decide import open_cycle
from engine.cycle.evolve import folded
from engine.ledger.sql import wall_clock
from engine.people.keys import ActorKeys
from workflows.converter import CONVERTER
from workflows.gateway import TemporalGateway, workflow_id
from workflows.shapes import APPEND, CYCLE_WORKFLOW, PROVE_OPENING, Carried, CycleStart
from workflows.worker import WORKFLOWS, core_worker, sandbox

QUEUE = "strangers"
SOON = timedelta(seconds=20)
ONCE = RetryPolicy(maximum_attempts=1)


def in_clear(value):
    """``value`` as anybody can write it down who has seen one."""
    return json.loads(CONVERTER.payload_converter.to_payload(value).data)


@workflow.defn(name="Writes")
class Writes:
    """Runs an activity of the core worker, from a workflow with a cycle's name."""

    @workflow.run
    async def run(self, queue: str, batch: dict) -> int:
        return await workflow.execute_activity(
            APPEND, batch, task_queue=queue, start_to_close_timeout=SOON, retry_policy=ONCE
        )


@workflow.defn(name="GoesOn")
class GoesOn:
    """Goes on as a cycle, so that the server says that a run came before it."""

    @workflow.run
    async def run(self, queue: str, start: dict) -> None:
        workflow.continue_as_new(start, workflow=CYCLE_WORKFLOW, task_queue=queue)


@pytest.fixture
async def house(stage):
    """The installation, with keys for payloads and for actors, and its worker."""
    keys = ActorKeys(stage.settings.data_dir / "actor-keys")
    keys.roots(wall_clock())
    stage.gateway = TemporalGateway(stage.client, stage.settings, keys)
    async with core_worker(stage.client, stage.settings, lambda: stage.ledger, keys=keys):
        yield stage


@asynccontextmanager
async def stranger(house):
    """A client of the server who knows nothing of ours, and a worker of his own."""
    client = await Client.connect(house.server.address, data_converter=DataConverter.default)
    async with Worker(
        client, task_queue=QUEUE, workflows=[Writes, GoesOn],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):  # fmt: skip
        yield client


def opening(name):
    scenario = SCENARIO.named(name)
    return scenario.opening().model_copy(update={"plugins": ()})


async def opened(house, name):
    """Open an honest cycle, and return what is recorded of it."""
    await house.gateway.open(opening(name))
    async with asyncio.timeout(20):
        while len(recorded(house)) < 3:
            await asyncio.sleep(0.05)
    return recorded(house)


def recorded(house):
    return [row.event.event_id for row in house.ledger.read(limit=9999)]


def forged(stream, version, kind="PlanFiled"):
    event = {"stream": stream, "version": version, "kind": kind, "command": "forged"}
    return {"events": [{**event, "data": FILED, "schema_version": 1}]}


async def failed_task(handle):
    """Wait until a task of the workflow has failed."""
    async with asyncio.timeout(30):
        while True:
            events = (await handle.fetch_history()).events
            if any(e.HasField("workflow_task_failed_event_attributes") for e in events):
                return
            await asyncio.sleep(0.1)


async def test_no_event_of_a_stranger_who_takes_a_cycles_name_for_he_cannot_encrypt(house):
    name = "taken-1"
    before = await opened(house, name)
    target = workflow_id(name)
    async with stranger(house) as client:
        await client.get_workflow_handle(target).terminate()
        batch = forged(target, len(before) + 1)
        handle = await client.start_workflow(
            "Writes", args=[house.settings.task_queue, batch], id=target, task_queue=QUEUE
        )
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()

    assert str(failed.value.cause.cause) == "Encoded failure"  # the worker's, not for him
    assert recorded(house) == before


async def test_no_event_of_a_stranger_who_goes_on_as_a_cycle_for_what_he_carries_is_in_clear(
    house,
):
    name = "forged-1"
    cycle = folded(open_cycle(opening(name), now=wall_clock()))
    start = CycleStart(carried=Carried(cycle=cycle, versions={}, outbox=(), answered={}))
    async with stranger(house) as client:
        handle = await client.start_workflow(
            "GoesOn", args=[house.settings.task_queue, in_clear(start)], id=workflow_id(name),
            task_queue=QUEUE,
        )  # fmt: skip
        went_on = client.get_workflow_handle(handle.id)
        async with asyncio.timeout(20):
            while (await went_on.describe()).workflow_type != CYCLE_WORKFLOW:
                await asyncio.sleep(0.1)
        await failed_task(went_on)
        with pytest.raises((TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError)):
            async with asyncio.timeout(2):
                await went_on.execute_update("file_plan", FILED, id="c1")
        status = (await went_on.describe()).status
        await went_on.terminate()

    assert status is WorkflowExecutionStatus.RUNNING  # it waits: an operator ends it
    assert recorded(house) == []


async def test_no_event_of_an_opening_in_clear_for_its_task_waits(house):
    start = in_clear(CycleStart(opening=opening("clear-1")))
    async with stranger(house) as client:
        handle = await client.start_workflow(
            CYCLE_WORKFLOW, start, id="cycle/clear-1", task_queue=house.settings.task_queue
        )
        await failed_task(handle)
        await handle.terminate()

    assert recorded(house) == []


async def test_no_event_of_an_activity_without_a_workflow_for_it_is_in_clear(house):
    async with stranger(house) as client:
        with pytest.raises(ActivityFailureError):
            await client.execute_activity(
                APPEND, forged("cycle/alone-1", 1), id="alone-1", retry_policy=ONCE,
                task_queue=house.settings.task_queue, start_to_close_timeout=SOON,
            )  # fmt: skip

    assert recorded(house) == []


async def test_a_stranger_who_polls_and_answers_nothing_proves_no_opening(stage):
    keys = ActorKeys(stage.settings.data_dir / "actor-keys")
    gateway = TemporalGateway(stage.client, stage.settings, keys)
    queue = stage.settings.task_queue
    async with Worker(
        stage.client, task_queue=queue, workflows=WORKFLOWS, workflow_runner=sandbox()
    ):
        opens = asyncio.create_task(gateway.open(opening("polled-1")))
        service = (await Client.connect(stage.server.address)).workflow_service
        polled = await service.poll_activity_task_queue(
            PollActivityTaskQueueRequest(
                namespace="default", identity="stranger", task_queue=TaskQueue(name=queue)
            )
        )
        await service.respond_activity_task_completed(
            RespondActivityTaskCompletedRequest(
                namespace="default", identity="stranger", task_token=polled.task_token
            )
        )
        handle = stage.client.get_workflow_handle(workflow_id("polled-1"))
        await failed_task(handle)
        opens.cancel()
        await handle.terminate()

    assert polled.activity_type.name == PROVE_OPENING


async def test_a_command_in_clear_is_refused_at_the_door_and_told_what_to_do(house):
    before = await opened(house, "door-1")
    reading = await house.forging()  # sends in clear, and can read what it is told
    handle = reading.get_workflow_handle(workflow_id("door-1"))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("file_plan", FILED, id="c1")
    [reason] = refused.value.cause.details[0]
    await handle.signal("nobody_listens", "in clear")

    assert (reason["code"], reason["facts"]["why"]) == ("command_unreadable", "plain")
    assert "TAIZHANG_PAYLOADS" in reason["zh"]
    assert recorded(house) == before
    receipt = await house.gateway.submit("door-1", "file_plan", FILED, command_id="c2")
    assert receipt.events == ("PlanFiled",)
