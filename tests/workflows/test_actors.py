"""A cycle takes a command only when a gateway it trusts vouches for whoever sends it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import Running
from temporalio.client import WorkflowUpdateFailedError
from temporalio.worker import Replayer

from engine.cycle.parse import parse
from engine.gateway import CommandRefused
from engine.ledger.sql import wall_clock
from engine.people.keys import ActorKeys
from engine.record import digest
from engine.settings import Settings
from workflows.cycle import CycleWorkflow
from workflows.gateway import TemporalGateway, workflow_id
from workflows.worker import sandbox

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
KIND, BODY = "file_plan", {"by": "m01", "content": SEALED}
ACCEPT = {"by": "sup"}
ACCEPTED = "workflow_execution_update_accepted_event_attributes"


class House:
    """A cycle that was opened by a gateway with keys."""

    def __init__(self, running, keys, cycle) -> None:
        self.running, self.keys, self.cycle = running, keys, cycle
        self.gateway = TemporalGateway(running.client, running.settings, keys)
        self.handle = running.client.get_workflow_handle(workflow_id(cycle))

    def signed(self, command="c1", *, now=None, keys=None, **other):
        """An assertion for ``KIND`` with ``BODY`` unless said otherwise."""
        now = now or wall_clock()
        content = digest(parse(KIND, BODY).model_dump(mode="json"))
        asked = {
            "by": "m01", "target": self.handle.id, "kind": KIND, "command": command,
            "digest": content, **other,
        }  # fmt: skip
        return (keys or self.keys).signer(now).assertion(**asked, now=now)

    async def straight(self, *proof, command="c1", kind=KIND, body=BODY):
        """Send a command to Temporal itself; return the reason it is refused for."""
        try:
            await self.handle.execute_update(kind, args=[body, *proof], id=command)
        except WorkflowUpdateFailedError as error:
            (reason,) = error.cause.details[0]
            assert reason["code"] == "actor_not_proved"
            return reason["facts"]["why"]
        return ""

    def kinds(self):
        return [r.event.kind for r in self.running.ledger.read(stream=f"cycle/{self.cycle}")]

    async def until(self, kind):
        """The kinds in the ledger once ``kind`` is there."""
        async with asyncio.timeout(20):
            while kind not in self.kinds():
                await asyncio.sleep(0.05)
        return self.kinds()


@pytest.fixture
async def house(server, tmp_path):
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue,
        plugin_task_queue=f"{queue}-p",
        data_dir=tmp_path,
        plugins="",
        append_linger_s=0,
    )
    running = Running(server.client, settings)
    lived = House(running, ActorKeys(tmp_path / "keys"), f"a-{uuid4().hex[:8]}")
    async with running.workers(host=False):
        opening = NANZHANG.named(lived.cycle).opening()
        await lived.gateway.open(opening.model_copy(update={"plugins": ()}))
        yield lived


def forged(proof):
    """``proof`` with another signature than its own, whatever that is."""
    said, _, signature = proof.rpartition(".")
    return f"{said}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


async def test_what_is_not_proved_is_refused_and_leaves_no_event(house, tmp_path):
    stranger = ActorKeys(tmp_path / "others")
    before = len([e async for e in house.handle.fetch_history_events()])
    now = wall_clock()
    refused = {
        "nothing": await house.straight(),
        "no text": await house.straight({"by": "m01"}),
        "nonsense": await house.straight("a.b.c.d"),
        "a stranger's": await house.straight(house.signed(keys=stranger)),
        "forged": await house.straight(forged(house.signed())),
        "expired": await house.straight(house.signed(now=now - timedelta(minutes=6))),
        "another cycle's": await house.straight(house.signed(target="cycle/c2")),
        "another person's": await house.straight(house.signed(by="m02")),
        "used before": await house.straight(house.signed("c0"), command="c1"),
        "for other words": await house.straight(
            house.signed(), body={**BODY, "content": f"sealed:{'3' * 32}:{'2' * 64}"}
        ),
    }

    assert refused == {
        "nothing": "missing", "no text": "missing", "nonsense": "malformed",
        "a stranger's": "untrusted", "forged": "forged", "expired": "expired",
        "another cycle's": "other_target", "another person's": "other_actor",
        "used before": "other_command", "for other words": "other_command",
    }  # fmt: skip
    events = [e async for e in house.handle.fetch_history_events()]
    assert not [e for e in events[before:] if e.HasField(ACCEPTED)]
    assert "PlanFiled" not in house.kinds()


async def test_a_refusal_says_nothing_of_the_cycle(house):
    missing = await house.straight(kind="close_meeting", body={"by": "nobody"}, command="x")

    assert missing == "missing"


async def test_what_is_proved_happens_and_once_however_often_it_is_sent(house):
    text = house.signed()

    assert await house.straight(text) == ""
    assert await house.straight(text) == ""
    await house.gateway.submit(house.cycle, "accept_filing", ACCEPT, command_id="c2")
    assert (await house.until("FilingAccepted")).count("PlanFiled") == 1


async def test_keys_and_roots_rotate_while_the_cycle_runs(house):
    old = house.signed("c9")
    house.keys.rotate(wall_clock())
    await house.gateway.submit(house.cycle, KIND, BODY, command_id="c1")
    house.keys.replace_root(wall_clock())
    await house.gateway.submit(house.cycle, "accept_filing", ACCEPT, command_id="c2")

    assert "PlanFiled" in await house.until("FilingAccepted")
    with pytest.raises(WorkflowUpdateFailedError) as told:
        await house.handle.execute_update(KIND, args=[BODY, old], id="c9")
    assert told.value.cause.details[0][0]["code"] != "actor_not_proved"


async def test_another_root_is_told_apart_by_its_gateway(house, tmp_path):
    elsewhere = TemporalGateway(
        house.running.client, house.running.settings, ActorKeys(tmp_path / "elsewhere")
    )
    with pytest.raises(CommandRefused) as refused:
        await elsewhere.submit(house.cycle, KIND, BODY, command_id="c1")

    assert refused.value.reasons[0].facts == {"why": "untrusted"}


async def test_a_gateway_without_keys_cannot_act_in_it(house):
    with pytest.raises(CommandRefused) as refused:
        await house.running.gateway.submit(house.cycle, KIND, BODY, command_id="c1")

    assert refused.value.reasons[0].facts == {"why": "missing"}


async def test_its_history_replays_when_every_key_is_gone(house, tmp_path):
    await house.gateway.submit(house.cycle, KIND, BODY, command_id="c1")
    for file in (tmp_path / "keys").iterdir():
        file.unlink()
    client = house.running.client
    replayer = Replayer(
        workflows=[CycleWorkflow], data_converter=client.data_converter,
        namespace=client.namespace, workflow_runner=sandbox(),
    )  # fmt: skip

    result = await replayer.replay_workflow(await house.handle.fetch_history())
    assert result.replay_failure is None


async def test_the_proof_is_carried_across_continue_as_new(server, tmp_path):
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue, plugin_task_queue=f"{queue}-p", data_dir=tmp_path, plugins="",
        append_linger_s=0,
        continue_after_events=40,
    )  # fmt: skip
    running = Running(server.client, settings)
    lived = House(running, ActorKeys(tmp_path / "keys"), f"a-{uuid4().hex[:8]}")
    async with running.workers(host=False):
        opening = NANZHANG.named(lived.cycle).opening()
        await lived.gateway.open(opening.model_copy(update={"plugins": ()}))
        first = (await lived.handle.describe()).run_id
        await lived.gateway.submit(lived.cycle, KIND, BODY, command_id="c1")
        await lived.gateway.submit(lived.cycle, "accept_filing", ACCEPT, command_id="c2")
        for number in range(12):
            body = {"by": "m05", "batch": f"b{number}", "channel": "forum", "opinions": 1}
            try:
                await lived.gateway.submit(
                    lived.cycle, "close_opinion_batch", body, command_id=f"b{number}"
                )
            except CommandRefused:
                continue
        assert (await lived.handle.describe()).run_id != first
        told = await lived.straight(command="z", kind="complete_opinions", body=ACCEPT)
        assert told == "missing"
