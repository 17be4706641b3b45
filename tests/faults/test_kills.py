"""Processes are killed for real; the ledger ends as if nothing had happened."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import pytest

from engine.ledger.sql import open_ledger
from engine.settings import Settings
from workflows.embedded import Stack, running
from workflows.gateway import TemporalGateway, connect
from workflows.holding import AlreadyRunningError, held

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
PEOPLE = [
    {"id": "m01", "roles": ["branch_secretary"]},
    {"id": "m02", "roles": ["opinion_collector", "member"]},
    {"id": "sup", "roles": ["superior_officer"]},
]
COMMANDS = [
    ("file_plan", {"by": "m01", "content": SEALED}),
    ("accept_filing", {"by": "sup"}),
    *(
        (
            "close_opinion_batch",
            {"by": "m02", "batch": f"b{n}", "channel": "forum", "opinions": n},
        )
        for n in range(6)
    ),
    ("complete_opinions", {"by": "m02"}),
    ("review_material", {"by": "sup", "outcome": "approved"}),
]


def opening():
    from engine.cycle.commands import OpenCycle
    from engine.policy.pack import load_pack

    return OpenCycle.model_validate(
        {
            "cycle": "faults", "unit": "u1", "meeting_on": "2021-07-30", "people": PEOPLE,
            "books": [], "policy": load_pack(), "by": "m01",
            "rehearsal_from": "2021-07-12T01:00:00Z",
        }
    )  # fmt: skip


@asynccontextmanager
async def embedded(settings, stack):
    stack.start()
    try:
        address = settings.model_copy(update={"temporal_address": stack.address})
        yield TemporalGateway(await connect(address), address)
    finally:
        stack.stop()


async def settled(settings, least):
    """Return the ledger's rows without their hashes once it holds ``least`` events."""
    ledger = open_ledger(settings.ledger)
    async with asyncio.timeout(60):
        while ledger.head().position < least:
            await asyncio.sleep(0.1)
    assert ledger.verify().ok
    return [
        (r.event.event_id, r.event.kind, {k: v for k, v in r.event.data.items() if k != "at"})
        for r in ledger.read(limit=999)
    ]


async def play(settings, stack, disturb):
    """Send every command; before number n call ``disturb(n)``; return the ledger's rows."""
    async with embedded(settings, stack) as gateway:
        await gateway.open(opening())
        for number, (kind, body) in enumerate(COMMANDS):
            await disturb(number)
            await gateway.submit("faults", kind, body, command_id=f"c{number}")
        rows = await settled(settings, 3 + len(COMMANDS))
    for row in rows:
        row[2].pop("clock_shift_s", None)
    return rows


@pytest.fixture(scope="module")
async def undisturbed(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("calm"))

    async def nothing(_):
        return None

    return await play(settings, Stack(settings), nothing)


async def test_a_worker_killed_between_and_during_commands_loses_nothing(tmp_path, undisturbed):
    settings = Settings(data_dir=tmp_path)
    stack = Stack(settings)

    async def kill(number):
        if number in (2, 5, 6):
            os.kill(stack.pid("worker"), signal.SIGKILL)
            await asyncio.to_thread(stack.reap, "worker")
            stack.mend()

    assert await play(settings, stack, kill) == undisturbed


async def test_a_killed_server_comes_back_with_everything_acknowledged(tmp_path, undisturbed):
    settings = Settings(data_dir=tmp_path)
    stack = Stack(settings)

    async def kill(number):
        if number in (3, 7):
            os.kill(stack.pid("server"), signal.SIGKILL)
            await asyncio.to_thread(stack.reap, "server")
            await asyncio.to_thread(stack.mend)

    assert await play(settings, stack, kill) == undisturbed


async def test_a_ledger_away_for_twenty_seconds_delays_and_loses_nothing(tmp_path, undisturbed):
    settings = Settings(data_dir=tmp_path, ledger_url=f"sqlite:///{tmp_path}/away/ledger.db")
    away, kept = tmp_path / "away", tmp_path / "kept"
    back = []

    async def take_away(number):
        if number == 3:
            (await asyncio.to_thread(open_ledger, settings.ledger)).engine.dispose()
            away.rename(kept)
            away.write_text("not a folder")
            back.append(asyncio.create_task(bring_back()))

    async def bring_back():
        await asyncio.sleep(20)
        away.unlink()
        kept.rename(away)

    async def ledger_away_first(number):
        await take_away(number)
        if number == 3:
            os.kill(stack.pid("worker"), signal.SIGKILL)
            await asyncio.to_thread(stack.reap, "worker")
            stack.mend()
        if number == len(COMMANDS) - 1:
            await back[0]

    stack = Stack(settings)
    assert await play(settings, stack, ledger_away_first) == undisturbed


def test_a_second_start_on_the_same_folder_is_refused_with_the_reason(tmp_path):
    with (
        held(tmp_path),
        pytest.raises(AlreadyRunningError, match=str(os.getpid())),
        held(tmp_path),
    ):
        pass


async def test_a_stack_leaves_its_address_while_it_runs_and_takes_it_away(tmp_path):
    settings = Settings(data_dir=tmp_path)
    stack = Stack(settings)
    async with embedded(settings, stack):
        assert running(settings)["address"] == stack.address
    assert running(settings) is None
