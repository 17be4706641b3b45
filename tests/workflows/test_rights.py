"""Members' rights on a real server: a poll, a contested criticism, a verdict, an appeal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.scenario.load import load
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault

SCRIPT = load(Path(__file__).parent / "rights.yaml")
RIGHTS = [
    "CriticismRecorded", "CriticismConfirmed", "CriticismReplied", "PollOpened", "PollClosed",
    *["PollCounted"] * 6, "CriticismDecided", "VerdictProposed", "VerdictReplied",
    "VerdictTold", "AppealFiled", "AppealAcknowledged", "AppealDecided", "VerdictStruck",
]  # fmt: skip


@pytest.fixture
async def events(running):
    """What a cycle in which every right is used leaves in the ledger."""
    script = SCRIPT.named(f"r-{uuid4().hex[:8]}")
    await play(script, running.gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    async with asyncio.timeout(30):
        while (rows := running.ledger.read(limit=999))[-1].event.kind != "IssueFound":
            await asyncio.sleep(0.05)
    return [row.event for row in rows]


async def test_every_right_is_recorded_in_its_order_and_the_appeal_apart(events):
    assert [v.kind for v in events if v.kind in RIGHTS] == RIGHTS
    apart = {v.stream for v in events if v.kind.startswith("Appeal")}
    assert {stream.split("/")[0] for stream in apart} == {"appeal"}


async def test_who_appealed_is_nowhere_and_what_was_decided_holds(events):
    (filed,) = [v for v in events if v.kind == "AppealFiled"]
    assert filed.data["by"] != "own"
    assert "own" not in str(filed.data)

    state = folded([event_of(v) for v in events])
    assert state.appeals[0].decided
    assert "own" not in (*state.told, *state.proposals)  # a new verdict may be proposed
    assert state.criticisms[0].decided == "upheld"
