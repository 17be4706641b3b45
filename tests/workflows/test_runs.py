"""What whoever operates the server does to runs: nothing that was promised is lost by it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import Running
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from engine.gateway import CampaignNotFound, CommandRefused, CycleNotFound, RunStopped
from engine.ledger.memory import InMemoryLedger
from engine.ledger.port import LedgerUnavailableError
from engine.runs import NothingToRetry, RunOver
from engine.settings import Settings
from workflows.gateway import workflow_id
from workflows.runs import TemporalRuns

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"


class CutOff(InMemoryLedger):
    """A ledger that can be cut off and reached again."""

    away = False

    def append(self, events):
        if self.away:
            raise LedgerUnavailableError
        return super().append(events)


@pytest.fixture
async def cycle(server, tmp_path):
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue, plugin_task_queue=f"{queue}-p", data_dir=tmp_path, plugins="",
        append_linger_s=0,
    )  # fmt: skip
    running, name = Running(server.client, settings), f"r-{uuid4().hex[:8]}"
    running.ledger = CutOff()
    async with running.workers(host=False):
        opening = NANZHANG.named(name).opening()
        await running.gateway.open(opening.model_copy(update={"plugins": ()}))
        yield running, name, TemporalRuns(server.client), workflow_id(name)


async def filed(running, name):
    body = {"by": "m01", "content": SEALED}
    return await running.gateway.submit(name, "file_plan", body, command_id="plan")


async def accepted(running, name):
    return await running.gateway.submit(
        name, "accept_filing", {"by": "sup"}, command_id="accepted"
    )


async def until(holds):
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0.05)


def kinds(running, name):
    rows = running.ledger.read(stream=f"cycle/{name}", limit=999)
    assert [row.event.version for row in rows] == list(range(1, len(rows) + 1))
    return [row.event.kind for row in rows]


async def test_a_terminated_run_says_so_and_goes_on_with_all_it_had_promised(cycle):
    running, name, runs, workflow = cycle
    running.ledger.away = True
    await filed(running, name)
    await runs.terminate(workflow, reason="ticket 7")
    ended = await runs.show(workflow)

    assert ended.status == "terminated"
    with pytest.raises(RunStopped, match=workflow):
        await accepted(running, name)
    with pytest.raises(RunOver):
        await runs.terminate(workflow, reason="again")

    running.ledger.away = False
    retried = await runs.retry(workflow, reason="ticket 7 is mended")
    assert retried.run not in ("", ended.run)
    await accepted(running, name)

    async def recorded():
        return kinds(running, name)[-2:] == ["PlanFiled", "FilingAccepted"]

    await until(recorded)
    assert (await runs.show(workflow)).status == "running"
    assert await filed(running, name)  # sent again, and known
    assert kinds(running, name).count("PlanFiled") == 1


async def test_what_waits_for_its_next_try_is_seen_without_content_and_tried_at_once(cycle):
    running, name, runs, workflow = cycle
    running.ledger.away = True
    await filed(running, name)

    async def waits_long():
        (pending,) = (await runs.show(workflow)).pending or (None,)
        return pending and pending.attempt > 3 and pending.next_try

    await until(waits_long)
    shown = await runs.show(workflow)
    assert [(p.activity, p.failure) for p in shown.pending] == [
        ("append_events", "LedgerUnavailableError")
    ]
    retried = await runs.retry(workflow, reason="the ledger is back")
    assert retried.activities == ("append_events",)

    async def counts_afresh():
        (pending,) = (await runs.show(workflow)).pending or (None,)
        return pending and pending.attempt <= 2

    async def recorded():
        return "PlanFiled" in kinds(running, name)

    await until(counts_afresh)
    running.ledger.away = False
    await until(recorded)


async def reset(running, workflow, run, event):
    """What ``temporal workflow reset --event-id`` does."""
    await running.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace="default", reason="back", request_id=uuid4().hex,
            workflow_execution=WorkflowExecution(workflow_id=workflow, run_id=run),
            workflow_task_finish_event_id=event,
        )
    )  # fmt: skip


async def tasks(running, workflow, run):
    """The events of a run at which a task was completed, oldest first."""
    handle = running.client.get_workflow_handle(workflow, run_id=run)
    return [
        e.event_id
        async for e in handle.fetch_history_events()
        if e.HasField("workflow_task_completed_event_attributes")
    ]


async def test_a_run_set_back_behind_the_ledger_takes_nothing_until_it_goes_on_from_its_end(
    cycle,
):
    running, name, runs, workflow = cycle
    whole = (await runs.show(workflow)).run

    async def planned():
        return "PlanPinned" in kinds(running, name)

    async def rests():
        found = (await running.client.get_workflow_handle(workflow).describe()).raw_description
        return not found.pending_activities and not found.HasField("pending_workflow_task")

    await until(planned)
    await until(rests)
    early = (await tasks(running, workflow, whole))[-1]
    await filed(running, name)
    await until(rests)
    await reset(running, workflow, whole, early)

    async def in_vain():
        return [p.failure for p in (await runs.show(workflow)).pending] == [
            "EventCollisionError"
        ]

    await until(in_vain)
    with pytest.raises(CommandRefused, match="disagree") as refused:
        await accepted(running, name)
    assert refused.value.reasons[0].code == "ledger_disagrees"

    last = (await tasks(running, workflow, whole))[-1]
    await reset(running, workflow, whole, last)
    await accepted(running, name)

    async def goes_on():
        return kinds(running, name)[-1] == "FilingAccepted"

    await until(goes_on)
    assert kinds(running, name).count("PlanFiled") == 1


async def test_a_run_that_needs_nothing_is_left_alone_and_one_that_is_not_there_is_named(cycle):
    _running, _name, runs, workflow = cycle

    async def idle():
        return not (await runs.show(workflow)).pending

    await until(idle)
    with pytest.raises(NothingToRetry):
        await runs.retry(workflow, reason="no need")
    with pytest.raises(CycleNotFound, match="nobody"):
        await runs.show("cycle/nobody")
    with pytest.raises(CampaignNotFound, match="nobody"):
        await runs.show("campaign/nobody")
