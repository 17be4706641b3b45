"""The same file on both servers: the same ledger, but for the turning of calendars."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta

from rehearsal import NANZHANG
from stack import skipping

from engine.ledger.sql import open_ledger
from engine.scenario.calendar import SkippedCalendar
from engine.scenario.found import differences
from engine.scenario.onlooker import Onlooker
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from engine.views.projector import Projector
from engine.views.readings import Readings
from workflows.gateway import TemporalGateway, connect, workflow_id
from workflows.skipping import clock


def streams(ledger):
    """The kinds of each stream's events, without those that turn a calendar."""
    kinds = defaultdict(list)
    for recorded in ledger.read(limit=9999):
        if recorded.event.kind != "ClockAdvanced":
            kinds[recorded.event.stream].append(recorded.event.kind)
    return kinds


async def runs_of(client, cycle):
    """The events of each run of a cycle, the last run first."""
    found, run = [], None
    while run != "":
        handle = client.get_workflow_handle(workflow_id(cycle), run_id=run)
        found.append((await handle.fetch_history()).events)
        started = found[-1][0].workflow_execution_started_event_attributes
        run = started.continued_execution_run_id
    return found


async def test_the_demo_leaves_the_same_ledger_on_both_servers(running, tmp_path):
    settings = Settings(data_dir=tmp_path, continue_after_events=150)
    ledger = open_ledger(settings.ledger)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    async with skipping(settings) as reached, clock(reached) as ticking:
        client = await connect(reached)
        onlooker = Onlooker(TemporalGateway(client, reached), ledger, readings)
        await play(
            NANZHANG, onlooker, InMemoryVault(), told=onlooker.told, limit_bytes=16384,
            calendar=SkippedCalendar(ticking, NANZHANG.start), look=onlooker.look,
        )  # fmt: skip
        end = [await onlooker.look(unit, None) for unit in NANZHANG.units]
        runs = await runs_of(client, NANZHANG.cycle)
    await play(
        NANZHANG, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384
    )
    await running.client.get_workflow_handle(workflow_id(NANZHANG.cycle)).result()

    assert streams(ledger) == streams(running.ledger)
    assert not list(differences(NANZHANG, NANZHANG.expect, end))
    assert ledger.verify().ok
    assert not [r for r in ledger.read(limit=9999) if r.event.kind == "ClockAdvanced"]
    assert len(runs) > 1
    assert any(event.HasField("timer_fired_event_attributes") for run in runs for event in run)


async def test_no_day_passes_while_nobody_asks_for_it(tmp_path):
    async with skipping(Settings(data_dir=tmp_path)) as reached, clock(reached) as ticking:
        before = await ticking.now()
        await TemporalGateway(await connect(reached), reached).open(NANZHANG.opening())
        await asyncio.sleep(0.3)
        idle = await ticking.now() - before
        await ticking.skip(timedelta(days=3))
        skipped = await ticking.now() - before

    assert idle < timedelta(minutes=1)
    assert timedelta(days=3) <= skipped < timedelta(days=3, minutes=1)
