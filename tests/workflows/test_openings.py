"""Nobody opens a cycle or a campaign for himself: an installation's gateway vouches for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from campaign.roster import OPENING
from rehearsal import NANZHANG
from rights.ground import criticised, ended
from stack import Running, real_stack
from temporalio.api.enums.v1 import ContinueAsNewInitiator
from temporalio.client import (
    ActivityFailureError,
    Client,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment

from engine.campaign.parse import stream_of
from engine.cycle.commands import OpenCycle
from engine.cycle.decide import open_cycle
from engine.cycle.evolve import folded
from engine.cycle.shield import carried
from engine.gateway import CommandRefused, CycleExists
from engine.ledger.memory import InMemoryLedger
from engine.ledger.sql import wall_clock
from engine.people.actor import LIVES
from engine.people.keys import ActorKeys
from engine.plan.calls import Roster
from engine.policy.calendar import local_day
from engine.record import EventEnvelope
from engine.scenario.load import find, load_any
from engine.settings import Settings
from workflows.activities import Activities
from workflows.campaigns import TemporalCampaigns
from workflows.converter import CONVERTER
from workflows.gateway import TemporalGateway, connect, workflow_id
from workflows.opening import content
from workflows.shapes import (
    APPEND,
    AWAIT_PLAN,
    CAMPAIGN_WORKFLOW,
    CYCLE_WORKFLOW,
    Batch,
    CampaignStart,
    Carried,
    CycleStart,
)
from workflows.vouching import Vouching, wall_now
from workflows.worker import core_worker

MINUTES = timedelta(minutes=1)
STARTED = "workflow_execution_started_event_attributes"
BY_CRON = ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE
BY_RETRY = ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_RETRY


class House(Running):
    """An installation with keys; its worker knows the roots in ``known``."""

    def __init__(self, client, folder, known=None, now=wall_now):
        queue = f"q-{uuid4().hex[:8]}"
        super().__init__(
            client,
            Settings(
                task_queue=queue, plugin_task_queue=f"{queue}-p", data_dir=folder, plugins="",
                append_linger_s=0,
            ),
        )  # fmt: skip
        self.now = now
        self.earlier = {}
        self.keys = ActorKeys(folder / "keys")
        self.known = self.keys if known is None else known
        self.gateway = TemporalGateway(client, self.settings, self.keys, now=now)
        self.campaigns = TemporalCampaigns(client, self.settings, self.keys, now=now)

    @asynccontextmanager
    async def working(self):
        """Run the worker for the length of the block."""
        async with core_worker(
            self.client, self.settings, lambda: self.ledger, keys=self.known,
            cycles=self.cycles,
        ):  # fmt: skip
            yield self

    def cycles(self, unit):
        """The unit's cycles as the ledger has them."""
        return self.earlier.get(unit, ())

    async def vouched(self, name, *, keys=None, now=None, **other):
        """What an honest gateway starts the cycle ``name`` with, unless said otherwise."""
        start = CycleStart(
            opening=opening(name), plugins=(), plugin_queue=self.settings.plugin_task_queue,
            **other,
        )  # fmt: skip
        vouching = Vouching(keys or self.keys, now or self.now)
        return await vouching.opening(start, workflow_id(name))

    async def straight(self, start, target, *, workflow=CYCLE_WORKFLOW, **how):
        """Start a workflow through Temporal's own client."""
        return await self.client.start_workflow(
            workflow, start, id=target, task_queue=self.settings.task_queue, **how
        )

    async def why(self, start, name):
        """Why the cycle is refused when it is started straight; nothing once it is planned."""
        handle = await self.straight(start, workflow_id(name))
        with suppress(WorkflowUpdateFailedError):
            await handle.execute_update(AWAIT_PLAN)
            return ""
        return await failed(handle)

    def streams(self):
        return {row.event.stream for row in self.ledger.read(limit=9999)}


async def failed(handle):
    """Why the workflow failed: it is for who acts, and no retry would help."""
    with pytest.raises(WorkflowFailureError) as told:
        await handle.result(follow_runs=False)
    cause = told.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.non_retryable
    (reason,) = cause.details[0]
    assert reason["code"] == "actor_not_proved"
    return reason["facts"]["why"]


def opening(name):
    return NANZHANG.named(name).opening().model_copy(update={"plugins": ()})


def fresh():
    return f"o-{uuid4().hex[:8]}"


@pytest.fixture
async def house(server, tmp_path):
    house = House(server.client, tmp_path)
    house.keys.roots(wall_clock())
    async with house.working():
        yield house


async def test_whoever_pins_a_root_of_his_own_gets_nothing_into_the_ledger(house, tmp_path):
    own, names = ActorKeys(tmp_path / "own"), [fresh() for _ in range(5)]
    ours = house.keys.roots(wall_clock())
    signed = await house.vouched(names[1], keys=own)
    refused = [
        await house.why(CycleStart(opening=opening(names[0])), names[0]),
        await house.why(signed, names[1]),
        await house.why(replace(signed, roots=ours), names[1] + "-ours"),
        await house.why(
            replace(await house.vouched(names[3]), roots=own.roots(wall_clock())), names[3]
        ),
        await house.why(replace(await house.vouched(names[4]), roots=()), names[4]),
    ]

    assert refused == ["missing", "untrusted", "untrusted", "other_command", "other_command"]
    assert house.streams() == set()


async def test_a_gateway_may_not_vouch_for_roots_that_are_unknown_here(house, tmp_path):
    """Not even with its own key: the cycle would take commands from elsewhere."""
    name, own = fresh(), ActorKeys(tmp_path / "own")

    class Lent(Vouching):
        async def roots(self):
            return own.roots(wall_clock())

    start = CycleStart(opening=opening(name))
    vouched = await Lent(house.keys).opening(start, workflow_id(name))

    assert await house.why(vouched, name) == "untrusted"
    assert house.streams() == set()


async def test_what_was_overheard_opens_nothing_else_and_not_later(house):
    name, other, late = fresh(), fresh(), fresh()
    heard = await house.vouched(name)
    six = wall_clock() - 6 * MINUTES

    async def then():
        return six

    assert await house.why(heard, name) == ""
    assert await house.why(heard, other) == "other_target"
    renamed = replace(heard, opening=opening(other))
    assert await house.why(renamed, other + "-2") == "other_target"
    swapped = replace(heard, plugin_queue="mine")
    assert await house.why(replace(swapped, opening=opening(name)), other + "-3")
    assert await house.why(await house.vouched(late, now=then), late) == "expired"
    assert house.streams() == {workflow_id(name)}


async def test_who_criticised_whom_before_is_not_left_out_whoever_opens(house):
    """By the worker, for an honest gateway may not have looked."""
    before = ended(*criticised(1, "m04", "m02"))
    name, other, base = fresh(), fresh(), opening("any")
    real = base.model_copy(update={"rehearsal_from": None, "unit": "u-shields"})
    house.earlier[real.unit] = (before,)
    shields = carried([before], local_day(wall_clock()))

    with pytest.raises(CommandRefused) as refused:
        await house.gateway.open(real.model_copy(update={"cycle": name}))
    assert [r.code for r in refused.value.reasons] == ["shield_left_out"]
    assert house.streams() == set()
    await house.gateway.open(real.model_copy(update={"cycle": other, "shields": shields}))


async def test_what_it_starts_with_is_vouched_for_with_the_opening(house):
    name = fresh()
    changed = replace(await house.vouched(name), plugin_queue="mine")

    assert await house.why(changed, name) == "other_command"


async def test_the_honest_way_passes_for_cycles_and_campaigns(house):
    name = fresh()
    await house.gateway.open(opening(name))
    await house.campaigns.open(OPENING.model_copy(update={"campaign": name}))
    async with asyncio.timeout(20):
        while house.streams() != {workflow_id(name), stream_of(name)}:
            await asyncio.sleep(0.05)


NOTHING = {CYCLE_WORKFLOW: CycleStart(), CAMPAIGN_WORKFLOW: CampaignStart()}


@pytest.mark.parametrize("workflow", NOTHING)
async def test_a_start_that_opens_nothing_fails_and_is_not_tried_for_ever(house, workflow):
    handle = await house.straight(NOTHING[workflow], fresh(), workflow=workflow)

    assert await failed(handle) == "missing"


async def test_a_campaign_of_somebodys_own_is_refused_too(house):
    name = fresh()
    start = CampaignStart(opening=OPENING.model_copy(update={"campaign": name}))
    handle = await house.straight(start, stream_of(name), workflow=CAMPAIGN_WORKFLOW)

    assert await failed(handle) == "missing"
    assert house.streams() == set()


@pytest.mark.parametrize("room", ["cycle", "campaign"])
async def test_a_gateway_of_another_house_is_told_so_and_ours_may_open_it_then(
    house, tmp_path, room
):
    name, elsewhere = fresh(), ActorKeys(tmp_path / "elsewhere")
    asked = opening(name) if room == "cycle" else OPENING.model_copy(update={"campaign": name})
    kind, ours = (
        (TemporalGateway, house.gateway) if room == "cycle"
        else (TemporalCampaigns, house.campaigns)
    )  # fmt: skip
    with pytest.raises(CommandRefused) as refused:
        await kind(house.client, house.settings, elsewhere).open(asked)
    assert refused.value.reasons[0].code == "actor_not_proved"
    assert refused.value.reasons[0].facts == {"why": "untrusted"}
    with pytest.raises(CommandRefused, match="not proved"):
        await ours.submit(name, "advance_clock", ADVANCED, command_id="c1")

    await ours.open(asked)
    async with asyncio.timeout(20):
        while house.streams() != {f"{room}/{name}"}:
            await asyncio.sleep(0.05)


ADVANCED = {"by": "sup", "to": "2021-07-02T00:00:00Z"}


async def test_a_cycle_that_is_open_is_not_opened_again(house):
    name = fresh()
    await house.gateway.open(opening(name))
    with pytest.raises(CycleExists):
        await house.gateway.open(opening(name))


def forged(name):
    """A start that says it follows another run."""
    return CycleStart(
        carried=Carried(
            cycle=folded(open_cycle(opening(name), now=wall_clock())), versions={}, answered={},
            outbox=(
                EventEnvelope(
                    stream=workflow_id(name), version=1, kind="Forged", command="x", data={}
                ),
            ),
        )
    )  # fmt: skip


async def test_a_fresh_start_that_says_it_goes_on_does_not_pass(house):
    name = fresh()
    handle = await house.straight(forged(name), workflow_id(name))

    assert await failed(handle) == "missing"
    assert house.streams() == set()


async def runs_of(client, target):
    return [run async for run in client.list_workflows(f"WorkflowId = '{target}'")]


async def started(client, target, initiator):
    """The run of ``target`` that the server let follow, once it is there."""
    async with asyncio.timeout(30):
        while True:
            for run in await runs_of(client, target):
                handle = client.get_workflow_handle(target, run_id=run.run_id)
                first = getattr((await handle.fetch_history()).events[0], STARTED)
                if first.continued_execution_run_id and first.initiator == initiator:
                    return handle
            await asyncio.sleep(0.2)


async def test_a_schedule_does_not_make_a_fresh_start_go_on(house):
    """The server gives each run after the first one a run before it, with the same input."""
    name = fresh()
    handle = await house.straight(forged(name), workflow_id(name), cron_schedule="@every 1s")
    second = await started(house.client, handle.id, BY_CRON)
    async with asyncio.timeout(20):
        while (await second.describe()).close_time is None:
            await asyncio.sleep(0.1)
    await handle.terminate()

    assert house.streams() == set()


async def test_retries_do_not_make_a_fresh_start_go_on(server, tmp_path):
    house, name = House(server.client, tmp_path), fresh()
    house.keys.roots(wall_clock())
    handle = await house.straight(
        forged(name), workflow_id(name), run_timeout=timedelta(seconds=2),
        retry_policy=RetryPolicy(maximum_attempts=9, backoff_coefficient=1.0),
    )  # fmt: skip
    await started(server.client, handle.id, BY_RETRY)
    async with house.working():
        last = server.client.get_workflow_handle(handle.id)
        async with asyncio.timeout(30):
            while (await last.describe()).status.name != "FAILED":
                await asyncio.sleep(0.1)
        assert await failed(last) == "missing"
    assert house.streams() == set()


async def test_a_worker_that_was_away_while_the_proof_ran_out_refuses_nobody(server, tmp_path):
    """What counts is when the cycle was started, not when somebody took it up."""
    signed_at, name = wall_clock() - LIVES + timedelta(seconds=4), fresh()

    async def then():
        return signed_at

    house = House(server.client, tmp_path)
    handle = await house.straight(await house.vouched(name, now=then), workflow_id(name))
    while wall_clock() < signed_at + LIVES + timedelta(seconds=2):
        await asyncio.sleep(0.1)
    async with house.working():
        await handle.execute_update(AWAIT_PLAN)


async def test_a_house_without_keys_takes_openings_as_it_did(server, tmp_path):
    house, name = House(server.client, tmp_path, known=ActorKeys(tmp_path / "none")), fresh()
    async with house.working():
        assert await house.why(CycleStart(opening=opening(name), plugins=()), name) == ""
        house.known.roots(wall_clock())
        assert await house.why(CycleStart(opening=opening(name)), name + "-2") == "missing"


async def test_a_worker_elsewhere_needs_the_public_roots_alone_and_follows_their_successors(
    server, tmp_path
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    house = House(server.client, tmp_path, known=ActorKeys(elsewhere))
    listed = elsewhere / "roots"
    listed.write_text("\n".join(house.keys.roots(wall_clock())), "ascii")
    listed.chmod(0o600)
    names = [fresh() for _ in range(3)]
    async with house.working():
        await house.gateway.open(opening(names[0]))
        old = await house.vouched(names[1])
        house.keys.replace_root(wall_clock())
        await house.gateway.open(opening(names[2]))
        assert await house.why(old, names[1]) == ""

    known = ActorKeys(tmp_path / "keys").known()
    assert {*old.roots, *house.keys.roots(wall_clock())} == set(known)


async def asked_again(handle):
    """Wait until the worker was asked who opens it for the second time, in vain."""
    async with asyncio.timeout(30):
        while True:
            with suppress(RPCError):
                pending = (await handle.describe()).raw_description.pending_activities
                if any(activity.attempt > 1 for activity in pending):
                    return
            await asyncio.sleep(0.1)


async def test_keys_that_cannot_be_used_make_an_opening_wait(house):
    (file,) = [f for f in house.settings.data_dir.glob("keys/gateway.json")]
    name = fresh()
    start = await house.vouched(name)
    file.chmod(0o644)
    waiting = asyncio.create_task(house.why(start, name))
    await asked_again(house.client.get_workflow_handle(workflow_id(name)))
    file.chmod(0o600)

    assert await waiting == ""


async def test_the_worker_of_the_embedded_stack_knows_the_roots_of_its_house(tmp_path):
    names = fresh(), fresh()
    async with real_stack(Settings(data_dir=tmp_path, plugins="", notices="off")) as (_, at):
        client = await connect(at)
        gateway = TemporalGateway(client, at, ActorKeys(at.actor_folder))
        await gateway.open(opening(names[0]))
        with pytest.raises(CommandRefused) as refused:
            await TemporalGateway(client, at).open(opening(names[1]))

    assert refused.value.reasons[0].facts == {"why": "missing"}


def foreign(name):
    event = EventEnvelope(
        stream=workflow_id(name), version=1, kind="Forged", command="x", data={}
    )
    return Batch(events=(event,))


async def test_no_workflow_and_no_stranger_writes_into_anothers_stream(house):
    name = fresh()
    plain = await Client.connect(
        house.client.service_client.config.target_host, data_converter=CONVERTER
    )
    unkeyed = House(plain, house.settings.data_dir, known=ActorKeys(Path("nowhere")))
    async with unkeyed.working():
        with pytest.raises(ActivityFailureError) as alone:
            await plain.execute_activity(
                APPEND, foreign(name), id=f"a-{name}", start_to_close_timeout=MINUTES,
                task_queue=unkeyed.settings.task_queue,
            )  # fmt: skip
        handle = await unkeyed.straight(
            CycleStart(opening=opening(name), plugins=()), f"cycle/{name}-x"
        )
        with pytest.raises(WorkflowFailureError) as other:
            await handle.result(follow_runs=False)

    assert alone.value.cause.type == other.value.cause.cause.type == "foreign_events"
    assert house.streams() == unkeyed.streams() == set()


async def test_a_workflow_begins_its_stream_with_the_opening_and_with_nothing_else():
    ledger, environment = InMemoryLedger(), ActivityEnvironment()
    environment.info = replace(environment.info, workflow_id="cycle/a")
    append = Activities(lambda: ledger, lambda _: Roster(entries=()), linger_s=0).append_events
    with pytest.raises(ApplicationError) as refused:
        await environment.run(append, foreign("a"))

    assert refused.value.type == "foreign_events"
    assert ledger.head().position == 0


SCRIPTS = load_any(find("hubei")).scripts.values()


class LaterOpening(OpenCycle):
    """As a later version might have it."""

    later: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LaterStart(CycleStart):
    later: int = 7


def test_what_is_vouched_for_is_the_same_for_the_worker_that_gets_it():
    converter = CONVERTER.payload_converter
    starts = [
        CycleStart(opening=script.opening(unit)) for script in SCRIPTS for unit in script.units
    ]
    sent = [converter.from_payload(converter.to_payload(s), CycleStart) for s in starts]

    assert len(starts) > 5
    assert [content(start) for start in sent] == [content(start) for start in starts]


def test_a_worker_that_knows_more_fields_takes_what_waited_for_it():
    start = CycleStart(opening=opening("c"), roots=("A" * 43,), margin=3)
    later = LaterStart(
        opening=LaterOpening.model_validate(start.opening.model_dump()), roots=start.roots,
        margin=3,
    )  # fmt: skip

    assert content(later) == content(start)
    assert content(replace(later, later=8)) != content(start)
