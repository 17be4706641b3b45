"""Somebody cancels what runs: it goes on, loses nothing, and says that it was asked to end."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from uuid import uuid4

import pytest
from campaign.roster import OPENING
from rehearsal import NANZHANG
from stack import Running
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.worker import Replayer

from engine.campaign.parse import stream_of
from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.ledger.memory import InMemoryLedger
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from workflows.campaigns import TemporalCampaigns
from workflows.gateway import workflow_id
from workflows.retention import begin
from workflows.worker import WORKFLOWS, sandbox

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
PLAN = {"by": "m01", "content": SEALED}
RUNNING = WorkflowExecutionStatus.RUNNING


class Held(InMemoryLedger):
    """A ledger that takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = threading.Event(), threading.Event()
        self.let.set()

    def append(self, events):
        self.asked.set()
        assert self.let.wait(30)
        return super().append(events)


def over_held(server, **fields):
    """Workers that are not started yet, over a ledger that can be held."""
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(task_queue=queue, plugin_task_queue=f"{queue}-plugins", **fields)
    made = Running(server.client, settings)
    made.ledger = Held()
    return made


@pytest.fixture
def stack(server):
    return over_held(server)


async def opened(stack):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    await stack.gateway.open(scenario.opening())
    return scenario.cycle, stack.client.get_workflow_handle(workflow_id(scenario.cycle))


async def cancelled(handle):
    """Cancel, and return once the run has had the request before it."""
    await handle.cancel()
    async with asyncio.timeout(10):
        while "somebody asked to cancel" not in await details(handle):
            await asyncio.sleep(0.05)


async def details(handle) -> str:
    said = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return said.current_details


async def recorded(stack, cycle, kind):
    async with asyncio.timeout(10):
        while kind not in (kinds := [r.event.kind for r in stack.ledger.read(limit=9999)]):
            await asyncio.sleep(0.02)
    return kinds


async def replays(stack, handle) -> None:
    replayer = Replayer(
        workflows=WORKFLOWS, workflow_runner=sandbox(),
        data_converter=stack.client.data_converter, namespace=stack.client.namespace,
    )  # fmt: skip
    await replayer.replay_workflow(await handle.fetch_history())


@pytest.mark.parametrize("cached", [500, 0])
async def test_a_cycle_that_is_cancelled_goes_on_and_says_so(stack, cached):
    async with stack.workers(cached=cached):
        cycle, handle = await opened(stack)
        await cancelled(handle)
        await stack.gateway.submit(cycle, "file_plan", PLAN, command_id="c1")
        kinds = await recorded(stack, cycle, "PlanFiled")

        assert (await handle.describe()).status == RUNNING
        assert "somebody asked to cancel" in await details(handle)
        await replays(stack, handle)
    assert kinds.count("PlanFiled") == 1
    assert stack.ledger.verify().ok


async def test_an_append_that_waits_while_the_cycle_is_cancelled_is_made(stack):
    async with stack.workers():
        cycle, handle = await opened(stack)
        stack.ledger.let.clear()
        stack.ledger.asked.clear()
        await stack.gateway.submit(cycle, "file_plan", PLAN, command_id="c1")
        assert await asyncio.to_thread(stack.ledger.asked.wait, 10)
        await cancelled(handle)
        stack.ledger.let.set()
        await stack.gateway.submit(cycle, "accept_filing", {"by": "sup"}, command_id="c2")
        kinds = await recorded(stack, cycle, "FilingAccepted")

        assert (await handle.describe()).status == RUNNING
        history = await handle.fetch_history()
        await replays(stack, handle)
    assert (kinds.count("PlanFiled"), kinds.count("FilingAccepted")) == (1, 1)
    assert not [e for e in history.events if "ACTIVITY_TASK_CANCEL" in str(e.event_type)]
    assert stack.ledger.verify().ok


async def test_a_cycle_that_is_cancelled_before_a_worker_takes_it_is_opened(stack):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    handle = stack.client.get_workflow_handle(workflow_id(scenario.cycle))
    opening = asyncio.create_task(stack.gateway.open(scenario.opening()))
    async with asyncio.timeout(10):
        while True:
            with suppress(RPCError):
                await handle.cancel()
                break
            await asyncio.sleep(0.05)
    async with stack.workers():
        await opening
        assert "PlanPinned" in await recorded(stack, scenario.cycle, "PlanPinned")
        assert (await handle.describe()).status == RUNNING
        await replays(stack, handle)


async def test_a_whole_cycle_is_archived_however_often_it_is_cancelled(server):
    stack = over_held(server, continue_after_events=60)
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    name = workflow_id(scenario.cycle)
    over, asked = asyncio.Event(), 0

    async def cancelling():
        nonlocal asked
        while not over.is_set():
            with suppress(RPCError):
                await stack.client.get_workflow_handle(name).cancel()
                asked += 1
            await asyncio.sleep(0.1)

    async with stack.workers(), asyncio.TaskGroup() as tasks:
        tasks.create_task(cancelling())
        await play(
            scenario, stack.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384
        )
        over.set()
        end = await stack.client.get_workflow_handle(name).result()
        found = stack.client.list_workflows(f"WorkflowId = '{name}'")
        runs = [run async for run in found]
        for run in runs:
            await replays(stack, stack.client.get_workflow_handle(name, run_id=run.run_id))

    assert (end["issues"], asked > 5, len(runs) > 3) == (8, True, True)
    assert (
        folded([event_of(r.event) for r in stack.ledger.read(limit=9999)]).status == "archived"
    )
    assert stack.ledger.verify().ok


async def test_a_campaign_that_is_cancelled_goes_on(stack):
    campaigns = TemporalCampaigns(stack.client, stack.settings)
    name = f"k-{uuid4().hex[:8]}"
    async with stack.workers(host=False):
        await campaigns.open(OPENING.model_copy(update={"campaign": name}))
        handle = stack.client.get_workflow_handle(stream_of(name))
        await cancelled(handle)
        body = {"by": "sup", "bodies": ["c1"]}
        await campaigns.submit(name, "file_body_plans", body, command_id="f1")
        kinds = await recorded(stack, name, "BodyPlanFiled")

        assert (await handle.describe()).status == RUNNING
        await replays(stack, handle)
    assert kinds == ["CampaignOpened", "BodyPlanFiled"]
    assert stack.ledger.verify().ok


async def test_the_nights_of_retention_go_on(stack):
    async with stack.workers(host=False):
        await begin(stack.client, stack.settings.task_queue)
        handle = stack.client.get_workflow_handle("retention")
        await cancelled(handle)

        assert (await handle.describe()).status == RUNNING
        await replays(stack, handle)
        await handle.terminate("the test is over")
