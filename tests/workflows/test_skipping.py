"""The same file on both servers: the same ledger, but for the turning of calendars."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from rehearsal import NANZHANG

from engine.ledger.sql import open_ledger
from engine.scenario.calendar import SkippedCalendar
from engine.scenario.found import differences
from engine.scenario.onlooker import Onlooker
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from engine.views.projector import Projector
from engine.views.readings import Readings
from workflows.embedded import Stack
from workflows.gateway import TemporalGateway, connect, workflow_id
from workflows.skipping import clock


def streams(ledger):
    """The kinds of each stream's events, without those that turn a calendar."""
    kinds = defaultdict(list)
    for recorded in ledger.read(limit=9999):
        if recorded.event.kind != "ClockAdvanced":
            kinds[recorded.event.stream].append(recorded.event.kind)
    return kinds


async def skipped(settings):
    """Play the demo on the server that skips time, worker and host in their processes."""
    stack = Stack(settings, server="time_skipping")
    await asyncio.to_thread(stack.start)
    try:
        settings = settings.model_copy(update={"temporal_address": stack.address})
        client, ledger = await connect(settings), open_ledger(settings.ledger)
        readings = Readings(ledger, Projector(ledger, ledger.engine))
        onlooker = Onlooker(TemporalGateway(client, settings), ledger, readings)
        async with clock(settings) as ticking:
            await play(
                NANZHANG, onlooker, InMemoryVault(), told=onlooker.told, limit_bytes=16384,
                calendar=SkippedCalendar(ticking, NANZHANG.start), look=onlooker.look,
            )  # fmt: skip
        runs = await client.get_workflow_handle(workflow_id(NANZHANG.cycle)).fetch_history()
        return ledger, [await onlooker.look(u, None) for u in NANZHANG.units], runs.events
    finally:
        await asyncio.to_thread(stack.stop)


async def test_the_demo_leaves_the_same_ledger_on_both_servers(running, tmp_path):
    ledger, end, events = await skipped(Settings(data_dir=tmp_path, continue_after_events=150))
    await play(
        NANZHANG, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384
    )
    await running.client.get_workflow_handle(workflow_id(NANZHANG.cycle)).result()

    assert streams(ledger) == streams(running.ledger)
    assert not list(differences(NANZHANG, NANZHANG.expect, end))
    assert ledger.verify().ok
    assert not [r for r in ledger.read(limit=9999) if r.event.kind == "ClockAdvanced"]
    assert events[0].workflow_execution_started_event_attributes.continued_execution_run_id
