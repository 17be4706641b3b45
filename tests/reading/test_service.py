"""P20 to P22 on the real stack: a played cycle, everybody erased and all of it over."""

from __future__ import annotations

import asyncio
import base64
import re
import sqlite3
from datetime import UTC, datetime

import pytest
from rehearsal import NANZHANG
from stack import real_stack

from engine.ledger.sql import open_ledger
from engine.people.delegations import Delegations
from engine.people.organisation import Organisation
from engine.people.tables import opened
from engine.policy.rules import Retained
from engine.reading.retention import Retention
from engine.reading.room import reading
from engine.reading.uses import file_of
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.port import KeyDestroyedError
from engine.vault.sealing import references
from engine.vault.sql import open_vault
from engine.views.lists import lists_of
from engine.views.past import NOW
from engine.views.projector import Projector
from engine.views.readings import Readings
from engine.views.statistics import statistics
from workflows.gateway import TemporalGateway, connect, workflow_id
from workflows.notifying import master_key
from workflows.replaying import replay
from workflows.retention import ID

CYCLE = NANZHANG.cycle
SHORT = 8
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def bytes_of(folder) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def payloads(history: str) -> bytes:
    """All that Temporal was handed, as it was handed."""
    return b"".join(map(base64.b64decode, re.findall(r'"data": "([^"]+)"', history)))


def keys_of(folder) -> list[bytes]:
    with sqlite3.connect(folder / "vault.db") as raw:
        rows = raw.execute("SELECT wrapped FROM vault_key WHERE wrapped IS NOT NULL").fetchall()
    raw.close()
    return [key for (key,) in rows]


async def test_p21_after_a_played_cycle_no_file_holds_a_text_or_its_key(tmp_path):
    data = tmp_path / "var"
    settings = Settings(data_dir=data, payloads="plain")  # nothing but references to hide
    async with real_stack(settings) as (_, reached):
        vault = open_vault(settings.vault, master_key(settings))
        ledger = open_ledger(settings.ledger)
        client = await connect(reached)
        gateway = TemporalGateway(client, reached)
        await play(NANZHANG, gateway, vault, told=lambda _: None, limit_bytes=16384)
        readings = Readings(ledger, Projector(ledger, ledger.engine))
        handle = client.get_workflow_handle(workflow_id(CYCLE))
        history = (await handle.fetch_history()).to_json()
        night = await client.get_workflow_handle(ID).describe()
        assert night.status.name == "RUNNING"

        def stood():
            past = readings.past(CYCLE, NOW, wall=NANZHANG.start)
            return statistics(past).tally, statistics(past).rates, lists_of(past).issues

        events = ledger.read(limit=9999)
        contents = sorted({c for r in events for c in references(r.event.data)})
        texts = [vault.open(c, reader="m01", purpose="archive") for c in contents]
        keys, before = keys_of(data), stood()
        found = bytes_of(data)
        assert len(texts) > 30
        assert any(b"sealed:" in found[name] for name in found if "temporal.db" in name)
        assert any(key[:SHORT] in held for key in keys for held in found.values())

        organisation = Organisation(opened(settings.people))
        room = reading(vault, ledger, organisation, Delegations(organisation))
        people = file_of(ledger, CYCLE).people
        archivist = next(p.id for p in people.values() if p.holds(("archivist",)))
        for subject in people:
            await asyncio.to_thread(room.erasure.erase, subject, by=archivist)
        over = Retention(lambda: vault, ledger, lambda: (), Retained(), lambda: FAR)
        await asyncio.to_thread(over.destroy)

        assert stood() == before
        assert ledger.verify().ok
        assert ledger.read(limit=len(events)) == events
        for content in contents:
            with pytest.raises(KeyDestroyedError):
                vault.open(content, reader="m01", purpose="archive")
    left = bytes_of(data)
    long = [t.encode() for t in texts if len(t.encode()) >= SHORT]
    assert not [(n, t.decode()) for n, held in left.items() for t in long if t in held]
    assert not [n for n, held in left.items() for k in keys for i in range(len(k) - 7)
                if k[i : i + SHORT] in held]  # fmt: skip
    file = tmp_path / "history.json"
    file.write_text(history)
    said = payloads(history)
    assert b"sealed:" in said
    assert not [t.decode() for t in long if t in said]
    assert (await asyncio.to_thread(replay, [file]))[0].error == ""
