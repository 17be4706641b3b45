"""A cycle on a real server: commands, refusals, repetition, long runs, replay."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from stack import Running
from temporalio.client import WorkflowUpdateFailedError
from temporalio.worker import Replayer

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.gateway import CommandRefused, CycleClosed, CycleExists, CycleNotFound
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from workflows.cycle import CycleWorkflow
from workflows.gateway import workflow_id
from workflows.worker import sandbox

SCENARIO = load(find("nanzhang"))
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"


def fresh(cycle=None):
    return SCENARIO.named(cycle or f"t-{uuid4().hex[:8]}")


async def opened(running):
    scenario = fresh()
    await running.gateway.open(scenario.opening())
    return scenario.cycle


async def kinds(running, cycle, least):
    """Return the kinds in the ledger once it holds ``least`` events of the cycle."""
    async with asyncio.timeout(10):
        while True:
            found = [r.event.kind for r in running.ledger.read(stream=f"cycle/{cycle}")]
            if len(found) >= least:
                return found
            await asyncio.sleep(0.02)


async def test_the_whole_scenario_is_archived_and_the_ledger_agrees(running):
    scenario = fresh()
    vault, acts = InMemoryVault(), []
    await play(scenario, running.gateway, vault, told=acts.append, limit_bytes=16384)
    handle = running.client.get_workflow_handle(workflow_id(scenario.cycle))
    end = await handle.result()

    assert end["issues"] == 8
    events = [event_of(r.event) for r in running.ledger.read(limit=9999)]
    assert folded(events).status == "archived"
    assert running.ledger.verify().ok
    with pytest.raises(CycleClosed):
        await running.gateway.submit(
            scenario.cycle, "archive_cycle", {"by": "m10"}, command_id="x"
        )
    with pytest.raises(CycleExists):
        await running.gateway.open(scenario.opening())


async def test_a_refusal_gives_every_reason_and_leaves_no_event_in_history(running):
    cycle = await opened(running)
    handle = running.client.get_workflow_handle(workflow_id(cycle))
    await running.gateway.submit(
        cycle, "file_plan", {"by": "m01", "content": SEALED}, command_id="c1"
    )
    before = (await handle.fetch_history()).events
    with pytest.raises(CommandRefused) as refused:
        await running.gateway.submit(
            cycle, "open_meeting",
            {"by": "m01", "present": ["m01"], "chair": "m09", "recorder": "m04"},
            command_id="c2",
        )  # fmt: skip
    after = (await handle.fetch_history()).events

    codes = [reason.code for reason in refused.value.reasons]
    assert codes.count("gate_open") == 7
    assert {"day_not_come", "quorum_missed", "may_not_chair", "not_present"} <= set(codes)
    assert not [e for e in after[len(before) :] if "UPDATE" in str(e.event_type)]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("file_plan", {"by": "m02", "content": SEALED}, "not_permitted"),
        ("file_plan", {"by": "m99", "content": SEALED}, "unknown_person"),
        ("accept_filing", {"by": "sup"}, "wrong_status"),
        ("claim_issue", {"by": "m02", "issue": 9}, "wrong_status"),
        ("file_plan", {"by": "m01", "content": "plain words", "extra": 1}, "bad_command"),
        ("file_plans", {"by": "m01"}, "bad_command"),
        ("file_plan", {"by": "m01", "content": SEALED, "x": "长" * 30000}, "bad_command"),
    ],
)
async def test_bad_input_is_refused_at_the_door(running, kind, body, code):
    cycle = await opened(running)

    with pytest.raises(CommandRefused) as refused:
        await running.gateway.submit(cycle, kind, body, command_id="c1")
    assert {r.code for r in refused.value.reasons} == {code}
    assert (await kinds(running, cycle, 3))[-1] == "PlanPinned"


async def test_every_wrong_field_is_named_and_no_value_is_echoed(running):
    cycle = await opened(running)

    with pytest.raises(CommandRefused) as refused:
        await running.gateway.submit(
            cycle,
            "file_plan",
            {"by": "M 01", "content": "S3CRET", "extra": "S3CRET"},
            command_id="c",
        )
    assert [r.facts["field"] for r in refused.value.reasons] == ["by", "content", "extra"]
    assert "S3CRET" not in str(refused.value)


async def test_the_workflow_refuses_what_comes_past_the_gateway(running):
    cycle = await opened(running)
    handle = running.client.get_workflow_handle(workflow_id(cycle))

    for name, body in [
        ("nonsense", {}),
        ("file_plan", {"by": "m01"}),
        ("file_plan", "x" * 70000),
    ]:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(name, body)
        assert refused.value.cause.type == "Refused"


async def test_a_command_sent_twice_happens_once_and_with_other_content_is_refused(running):
    cycle = await opened(running)
    body = {"by": "m01", "content": SEALED}
    first = await running.gateway.submit(cycle, "file_plan", body, command_id="c1")

    assert await running.gateway.submit(cycle, "file_plan", body, command_id="c1") == first
    assert (await kinds(running, cycle, 4)).count("PlanFiled") == 1
    with pytest.raises(CommandRefused) as refused:
        await running.gateway.submit(
            cycle, "file_plan", {**body, "content": SEALED.replace("1", "3")}, command_id="c1"
        )
    assert refused.value.reasons[0].code == "command_id_reused"


async def test_a_command_is_remembered_across_continue_as_new(running):
    settings = running.settings.model_copy(update={"continue_after_events": 20})
    running.gateway._settings = settings
    cycle = await opened(running)
    handle = running.client.get_workflow_handle(workflow_id(cycle))
    first_run = (await handle.describe()).run_id
    body = {"by": "m01", "content": SEALED}
    await running.gateway.submit(cycle, "file_plan", body, command_id="c1")
    for n in range(8):
        await running.gateway.submit(
            cycle, "close_opinion_batch", {"by": "m05", "batch": f"b{n}", "channel": "forum"},
            command_id=f"b{n}",
        )  # fmt: skip
    async with asyncio.timeout(10):
        while (await handle.describe()).run_id == first_run:
            await asyncio.sleep(0.05)

    again = await running.gateway.submit(cycle, "file_plan", body, command_id="c1")
    assert again.events == ("PlanFiled",)
    with pytest.raises(CommandRefused) as refused:
        await running.gateway.submit(
            cycle, "file_plan", {**body, "content": SEALED.replace("1", "3")}, command_id="c1"
        )
    assert refused.value.reasons[0].code == "command_id_reused"
    found = await kinds(running, cycle, 12)
    assert (found.count("PlanFiled"), found.count("OpinionBatchClosed")) == (1, 8)


async def test_two_who_claim_at_once_are_told_who_was_first(running):
    scenario = fresh()
    upto = next(n for n, a in enumerate(scenario.acts) if a.do == "claim_issue")
    part = scenario.model_copy(update={"acts": scenario.acts[:upto]})
    await play(part, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    answers = await asyncio.gather(
        *(
            running.gateway.submit(
                part.cycle, "claim_issue", {"by": who, "issue": 1}, command_id=f"claim-{who}"
            )
            for who in ("m02", "m03")
        ),
        return_exceptions=True,
    )
    refused = [a for a in answers if isinstance(a, CommandRefused)]

    assert len(refused) == 1
    assert refused[0].reasons[0].code == "already_claimed"


async def test_an_unknown_cycle_and_one_opened_twice_are_said_so(running):
    cycle = await opened(running)

    with pytest.raises(CycleNotFound):
        await running.gateway.submit("nowhere", "accept_filing", {"by": "sup"}, command_id="c")
    with pytest.raises(CycleExists):
        await running.gateway.open(fresh(cycle=cycle).opening())


async def test_history_shows_commands_by_name_and_no_text(running):
    scenario = fresh()
    await play(
        scenario, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384
    )
    names, raw = set(), ""
    listed = running.client.list_workflows(f"WorkflowId = '{workflow_id(scenario.cycle)}'")
    runs = [w.run_id async for w in listed] or [None]
    for run in runs:
        handle = running.client.get_workflow_handle(workflow_id(scenario.cycle), run_id=run)
        history = await handle.fetch_history()
        raw += history.to_json()
        names |= {
            e.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
            for e in history.events
            if e.HasField("workflow_execution_update_accepted_event_attributes")
        }

    assert {"claim_issue", "record_speech", "close_issue"} <= names
    assert not any(person.called in raw for person in scenario.units[0].people)


async def test_every_recorded_run_replays(running):
    scenario = fresh()
    await play(
        scenario, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384
    )
    histories = running.client.list_workflows(f"WorkflowId = '{workflow_id(scenario.cycle)}'")
    replayer = Replayer(
        workflows=[CycleWorkflow],
        data_converter=running.client.data_converter,
        namespace=running.client.namespace,
        workflow_runner=sandbox(),
    )
    handle = running.client.get_workflow_handle(workflow_id(scenario.cycle))
    await handle.result()
    results = await replayer.replay_workflows(
        histories.map_histories(), raise_on_replay_failure=False
    )

    assert not results.replay_failures


async def test_a_worker_that_forgets_everything_at_once_comes_to_the_same_end(server, request):
    settings = Settings(task_queue="cold", plugin_task_queue="cold-plugins")
    cold, scenario = Running(server.client, settings), fresh()
    part = scenario.model_copy(update={"acts": scenario.acts[:9]})
    async with cold.workers(cached=0):
        await play(part, cold.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
        found = await kinds(cold, part.cycle, 17)

    assert found[-1] == "OpinionsCompleted"
    assert cold.ledger.verify().ok


async def test_an_absent_plugin_host_costs_only_its_steps(server):
    settings = Settings(task_queue="alone", plugin_task_queue="nobody-there", plugin_wait_s=1)
    alone = Running(server.client, settings)
    async with alone.workers(host=False):
        cycle = await opened(alone)
        await kinds(alone, cycle, 3)
    plan = alone.ledger.read(stream=f"cycle/{cycle}")[2].event.data["plan"]

    assert [c["code"] for c in plan["conflicts"]] == ["worker_absent"]
    assert not [s for s in plan["steps"] if s["origin"] == "local"]
