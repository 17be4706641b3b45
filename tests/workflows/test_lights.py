"""Lights and notices on a server that skips time, with the worker killed across thresholds."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from datetime import date, timedelta
from pathlib import Path

import pytest
from stack import real_stack, skipping_stack

from engine.ledger.sql import open_ledger
from engine.notices.filed import FilePost
from engine.notices.notifier import Notifier
from engine.policy.calendar import start_of
from engine.scenario.calendar import SkippedCalendar
from engine.scenario.load import load
from engine.scenario.onlooker import Onlooker
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from engine.views.projector import Projector
from engine.views.readings import Readings
from workflows.gateway import TemporalGateway, connect
from workflows.skipping import clock

SCRIPT = (Path(__file__).parent / "lights.yaml").read_text("utf-8")
EXPECTED = {
    "jiangjin": [
        ("green", date(2021, 10, 11), ["own"]),
        ("yellow", date(2021, 10, 21), ["own", "com"]),
        ("red", date(2021, 11, 1), ["sec", "com"]),
    ],
    "suqian": [
        ("yellow", date(2021, 8, 21), ["sec", "com"]),
        ("red", date(2021, 11, 1), ["sec", "com"]),
    ],
}
"""Pack to the lights it tells of an issue claimed on 2 August, due on 31 October, untouched."""


def script_of(pack, folder):
    file = folder / "lights.yaml"
    file.write_text(SCRIPT.replace("policy: jiangjin", f"policy: {pack}"), "utf-8")
    return load(file)


def alone(folder):
    """Settings without plugins, and with notices that nobody sends yet."""
    return Settings(data_dir=folder, notices="off", plugins="")


def watched(settings, gateway):
    """The ledger, and an onlooker that waits until it has everything."""
    ledger = open_ledger(settings.ledger)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    return ledger, Onlooker(gateway, ledger, readings)


async def steadily(pack, folder):
    """A hundred days on the server that skips time: timers ring in their turn."""
    script, settings = (
        script_of(pack, folder),
        Settings(data_dir=folder, notices="off", plugins=""),
    )
    async with skipping_stack(settings) as (_, reached), clock(reached) as ticking:
        gateway = TemporalGateway(await connect(reached), reached)
        ledger, onlooker = watched(settings, gateway)
        await play(
            script, onlooker, InMemoryVault(), told=lambda _: None, limit_bytes=16384,
            calendar=SkippedCalendar(ticking, script.start),
        )  # fmt: skip
        await ticking.skip(timedelta(days=100))
        await onlooker.look(script.units[0], script.moment(100))
    return ledger


async def with_the_worker_killed(pack, folder):
    """The real server: killed before the first threshold, back behind the last.

    The timer of the first rings at the server while nobody is there; the calendar is
    moved over the others by a command that waits for the worker.
    """
    script, settings = (
        script_of(pack, folder),
        Settings(data_dir=folder, notices="off", plugins=""),
    )
    first = start_of(EXPECTED[pack][0][1])
    async with real_stack(settings) as (stack, reached):
        gateway = TemporalGateway(await connect(reached), reached)
        ledger, onlooker = watched(settings, gateway)
        await play(script, onlooker, InMemoryVault(), told=lambda _: None, limit_bytes=16384)

        async def turn(to):
            body = {"by": "sec", "to": to.isoformat()}
            await onlooker.submit("lights-2021", "advance_clock", body, command_id=str(to))

        await turn(first - timedelta(seconds=4))
        os.kill(stack.pid("worker"), signal.SIGKILL)
        await asyncio.to_thread(stack.reap, "worker")
        await asyncio.sleep(6)
        turning = asyncio.create_task(turn(script.moment(100)))
        await asyncio.sleep(1)
        assert not turning.done()
        await asyncio.to_thread(stack.mend)
        await turning
        await onlooker.look(script.units[0], script.moment(100))
    return ledger


def told(ledger, folder):
    """The lights in the ledger, and the digests that reached each person's file."""
    lights = [r.event.data for r in ledger.read(limit=9999) if r.event.kind == "LightChanged"]
    post = FilePost(folder / "sent")
    Notifier(ledger, ledger.engine, post, rehearsals=post).send(at_once=True)
    lines = [
        json.loads(line)
        for day in sorted((folder / "sent").glob("*.jsonl"))
        for line in day.read_text("utf-8").splitlines()
    ]
    return lights, lines


@pytest.mark.parametrize("lived", [steadily, with_the_worker_killed], ids=lambda f: f.__name__)
@pytest.mark.parametrize("pack", list(EXPECTED))
async def test_each_colour_is_told_once_in_order_to_the_right_people(tmp_path, pack, lived):
    lights, lines = told(await lived(pack, tmp_path), tmp_path)
    found = [(e["light"], date.fromisoformat(e["on"]), list(e["to"])) for e in lights]

    assert found == EXPECTED[pack]
    keys = [line["key"] for line in lines]
    assert len(keys) == len(set(keys))
    for colour, _, people in EXPECTED[pack]:
        for person in people:
            theirs = "".join(line["body"] for line in lines if line["person"] == person)
            shown = {"green": "绿灯", "yellow": "黄灯", "red": "红灯"}[colour]
            assert theirs.count(f"亮灯:{shown}") == 1, (person, colour)
