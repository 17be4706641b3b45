"""Roving guidance on a real server: the group halts a meeting, the next round knows why."""

from __future__ import annotations

import asyncio
from datetime import date
from importlib import import_module
from uuid import uuid4

import pytest

from engine.cycle.commands import OpenCycle
from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.deliveries.deliverer import Deliverer
from engine.deliveries.subscriptions import subscriptions
from engine.host import Host, discover
from engine.host.scopes import load
from engine.ledger.sql import open_ledger
from engine.policy.pack import load_pack
from engine.testing import CAST

VISIT = "roving_guidance.visit"
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
UNIT = "jingzhou-1"


@pytest.fixture
def desk(tmp_path):
    """Brings a ledger's events to the plugin, in the round that plugins.toml says."""
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    file = tmp_path / "plugins.toml"
    found = discover(None, frozenset({"roving_guidance"}))
    host = Host(found, scopes=lambda: load(file))
    deliverer = Deliverer(ledger, subscriptions(found), host.deliver, folder=tmp_path)

    def hear(events, *, round_: int):
        config = f"round = {round_}\nends = 2021-12-31\n"
        file.write_text(f"[unit.{UNIT}.config.roving_guidance]\n{config}", "utf-8")
        ledger.append(events)
        while deliverer.deliver().delivered:
            pass
        assert not deliverer.outcomes.letters(["failed", "dead", "waiting"])
        return tmp_path / "roving_guidance" / UNIT

    yield hear
    ledger.engine.dispose()


async def visited(running) -> str:
    """Open a cycle, file its plan and record the group's visit; return its name."""
    cycle = f"t-{uuid4().hex[:8]}"
    await running.gateway.open(
        OpenCycle(
            by="secretary", cycle=cycle, unit=UNIT, meeting_on="2021-08-20", people=CAST,
            policy=load_pack(), plugins=("roving_guidance",),
        )
    )  # fmt: skip
    await submit(running, cycle, "file_plan", by="secretary", content=SEALED)
    await submit(running, cycle, "record_step", by="guidance", step=VISIT, evidence=SEALED)
    return cycle


async def submit(running, cycle, kind, **body):
    await running.gateway.submit(cycle, kind, body, command_id=f"{kind}-{cycle}")


async def recorded(running, cycle, last):
    """Return the cycle's events once ``last`` is among them."""
    async with asyncio.timeout(10):
        while True:
            found = [r.event for r in running.ledger.read(stream=f"cycle/{cycle}")]
            if last in [event.kind for event in found]:
                return found
            await asyncio.sleep(0.02)


async def test_what_round_1_left_open_is_carried_over_and_a_halt_in_round_2_halts(
    running, desk
):
    first = await visited(running)
    folder = desk(await recorded(running, first, "StepRecorded"), round_=1)
    typed = import_module("taizhang_plugin_roving_guidance.__main__").main
    today = date(2021, 8, 1)
    typed([str(folder), "find", "by=guidance", "about=talks"], today=today)

    second = await visited(running)
    await submit(running, second, "halt_cycle", by="guidance", reason=SEALED)
    events = await recorded(running, second, "CycleHalted")
    assert folded(map(event_of, events)).status == "halted"

    desk(events, round_=2)
    asked = [str(folder), "find", "by=guidance", "about=opening", "asks=halt"]
    typed([*asked, f"cycle={second}"], today=today)
    _, _, carried, halted = typed([str(folder), "show"], today=today).splitlines()
    assert "第 1 轮 talks" in carried
    assert carried.endswith("转入 未送")
    assert "第 2 轮 opening 请叫停" in halted
    assert "已叫停" in halted
