"""Content can be deleted though events cannot: the cycle stays whole without it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from inprocess import InProcessGateway

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.host.discovery import discover, roster
from engine.host.host import Host
from engine.plan.calls import collect
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.vault.port import KeyDestroyedError
from engine.vault.sql import open_vault

MASTER = bytes(range(32))
SCENARIO = load(find("nanzhang"))


def references(value):
    """Return every reference anywhere inside ``value``."""
    if isinstance(value, dict):
        return [r for inner in value.values() for r in references(inner)]
    if isinstance(value, list):
        return [r for inner in value for r in references(inner)]
    return [value] if isinstance(value, str) and value.startswith("sealed:") else []


def contributions():
    found = discover(None, frozenset({"open_door"}))
    opening = SCENARIO.opening()
    context = PlanContext(
        cycle=opening.cycle, unit=opening.unit, opened_at=datetime(2021, 7, 1, tzinfo=UTC),
        core_steps=CORE_STEPS, people=opening.people,
    )  # fmt: skip
    host, present = Host(found), roster(found)
    return collect(present, [host.invoke(call) for call in present.calls(context)])


@pytest.fixture
async def played(tmp_path):
    gateway = InProcessGateway(contributions())
    vault = open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)
    await play(SCENARIO, gateway, vault, told=lambda _: None, limit_bytes=16_384)
    return gateway, vault


async def test_history_chain_and_state_stay_when_every_key_is_destroyed(played):
    gateway, vault = played
    events = [r.event for r in gateway.ledger.read(limit=9999)]
    kept = [r for e in events for r in references(e.data)]
    before, head = gateway.cycles[SCENARIO.cycle], gateway.ledger.head()
    texts = [vault.open(r, reader="m01", purpose="archive") for r in kept]
    assert len(texts) > 30
    for subject in (SCENARIO.cycle, *(p.id for p in SCENARIO.units[0].people)):
        vault.destroy(subject, by="archivist", reason="retention")

    after = [r.event for r in gateway.ledger.read(limit=9999)]
    assert after == events
    assert gateway.ledger.verify().ok
    assert gateway.ledger.head() == head
    assert folded([event_of(e) for e in after]) == before
    for reference in kept:
        with pytest.raises(KeyDestroyedError):
            vault.open(reference, reader="m01", purpose="archive")
    assert len(vault.reads()) == len(texts)
