"""A plugin that wants to write events: what it finds, and what a forged one looks like."""

from __future__ import annotations

import asyncio
import json

from host.bad.plugins import PLUGINS
from host.samples import MANIFEST, write_plugin
from isolation.conftest import add
from sqlalchemy import insert

from engine.gateway import CommandRefused
from engine.host.health import HEALTH_FILE, listing
from engine.ledger.port import chained, stored_bytes
from engine.ledger.sql import EVENT
from engine.record import EventEnvelope

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
LOOKS = """import gc, json, os
from pathlib import Path
from engine import Delivered, DeliveryContext, PlanContext, StepContribution, hookimpl

HERE = Path(__file__).parents[2]

def note(hook):
    kinds = ("Engine", "SqlLedger", "Connection")
    fds = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
           if os.path.lexists(f"/proc/self/fd/{n}")]
    settings = [o for o in gc.get_objects() if type(o).__name__ == "Settings"]
    seen = {
        "pid": os.getpid(), "open": fds, "environment": dict(os.environ),
        "first": Path("/proc/self/environ").read_text(),
        "told": Path("/proc/self/cmdline").read_text(),
        "settings": [o.ledger for o in settings],
        "handles": [type(o).__name__ for o in gc.get_objects() if type(o).__name__ in kinds],
    }
    (HERE / f"{hook}.json").write_text(json.dumps(seen))

@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    note("contribute_steps")
    return [StepContribution(id="looks.s", anchor="study", side="after", shape="evidence")]

@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    note("on_event")
"""
BOTH = (
    MANIFEST.replace('"contribute_steps"', '"contribute_steps", "on_event"')
    .replace('api = "1"', 'api = "2"')
    + '[events]\nkinds = ["CyclePlanned"]\n'
)  # fmt: skip


async def found(path):
    async with asyncio.timeout(60):
        while not path.exists() or not (text := path.read_text("utf-8")):
            await asyncio.sleep(0.05)
    return json.loads(text)


async def test_where_plugins_run_there_is_neither_a_handle_nor_an_address(
    house, plugins, tmp_path
):
    write_plugin(plugins, "looks", LOOKS, manifest=BOTH)
    (tmp_path / "elsewhere").mkdir()
    async with house(ledger_url=f"sqlite:///{tmp_path}/elsewhere/ledger.db") as lived:
        cycle, _ = await lived.open()
        assert await lived.planned(cycle) == (["looks.s"], {})
        asked = await found(tmp_path / "contribute_steps.json")
        heard = await found(tmp_path / "on_event.json")
        parts = {part: lived.stack.pid(part) for part in ("worker", "host", "courier")}

    assert asked["pid"] == parts["host"]
    assert heard["pid"] not in parts.values()
    for seen in (asked, heard):
        assert seen["handles"] == []
        assert "elsewhere" not in json.dumps(seen)


async def test_one_that_reaches_for_the_ledger_is_told_to_author_operator_and_plan(
    house, plugins, tmp_path
):
    add(plugins, "good")
    bad = ("imports_the_ledger", "looks_for_the_ledger")
    for name in bad:
        write_plugin(plugins, name, PLUGINS[name].code)
    (tmp_path / "elsewhere").mkdir()
    async with house(ledger_url=f"sqlite:///{tmp_path}/elsewhere/ledger.db") as lived:
        cycle, _ = await lived.open()
        planned = await lived.planned(cycle)
        verdict = lived.ledger.verify()
        seen = lived.settings.data_dir / HEALTH_FILE
        rows = {row.id: row for row in listing(plugins, None, seen=seen)}

    assert planned == (["good.s"], dict.fromkeys(bad, "plugin_failed"))
    assert verdict.ok
    for name in bad:
        assert rows[name].status == PLUGINS[name].status
        assert PLUGINS[name].author.partition(": ")[2] in rows[name].error


def forged(lived, cycle):
    """Write an event as a plugin would that found the file: next in line, chained rightly."""
    head = lived.ledger.head()
    stream = f"cycle/{cycle}"
    event = EventEnvelope(
        stream=stream, version=len(lived.events(cycle)) + 1, kind="CycleArchived", command="f",
        data={"kind": "CycleArchived", "at": "2026-01-05T00:10:00Z", "by": "m01"},
    )  # fmt: skip
    stored = stored_bytes(event)
    with lived.ledger.engine.begin() as connection:
        connection.execute(
            insert(EVENT).values(
                position=head.position + 1,
                event_id=event.event_id,
                stream=stream,
                version=event.version,
                stored=stored,
                hash=chained(head.hash, stored),
                recorded_at="2026-01-05T00:10:00+00:00",
            )
        )
    return event


async def refused_at_last(lived, cycle):
    """The refusal of the cycle's next command, once the server knows what the ledger said."""
    async with asyncio.timeout(60):
        while True:
            try:
                await lived.gateway.submit(
                    cycle, "accept_filing", {"by": "sup"}, command_id="next"
                )
            except CommandRefused as refused:
                return refused
            await asyncio.sleep(0.1)


async def test_a_forged_event_passes_the_chain_and_is_an_incident_at_the_cycles_next_word(
    house,
):
    async with house(plugins="") as lived:
        cycle, _ = await lived.open()
        await lived.planned(cycle)
        event = forged(lived, cycle)
        assert lived.ledger.verify().ok
        filed = {"by": "m01", "content": SEALED}
        await lived.gateway.submit(cycle, "file_plan", filed, command_id="filed")
        async with asyncio.timeout(60):
            while "ledger_incident" not in lived.log("worker"):
                await asyncio.sleep(0.05)
        refused = await refused_at_last(lived, cycle)

        assert [reason.code for reason in refused.reasons] == ["ledger_disagrees"]
        assert event.event_id in lived.log("worker")
        assert "PlanFiled" not in [e.kind for e in lived.events(cycle)]
