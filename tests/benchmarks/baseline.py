"""What a cycle of 27 commands costs in Temporal, beside the same by hand.

    python tests/benchmarks/baseline.py [CYCLES]

Twelve human steps and five items with three inputs each, one effect an input, on the
real server with SQLite in WAL mode, synchronous FULL. ``bare`` is a workflow of twenty
lines without rules, ledger or vault. CPU is that of this process (client and worker).
``cold`` keeps no workflow in the cache, so that every command replays its history, as
it does when people act rarely. The cycles run at the same time. Only ratios within one
run mean anything.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

with workflow.unsafe.imports_passed_through():
    from engine import logs
    from engine.ledger.sql import open_ledger
    from engine.scenario.load import find, load
    from engine.settings import Settings
    from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
    from workflows.converter import CONVERTER
    from workflows.gateway import TemporalGateway, workflow_id
    from workflows.places import leave, temporal_binary
    from workflows.worker import core_worker

COMMANDS = 27
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
TEXT = "问" * 85


@workflow.defn(name="Bare")
class Bare:
    """The same cycle by hand: record the input, answer, then perform the effect."""

    def __init__(self) -> None:
        self._seen = 0
        self._open: list[str] = []

    @workflow.run
    async def run(self) -> None:
        while self._seen < COMMANDS or self._open:
            await workflow.wait_condition(lambda: bool(self._open))
            batch, self._open = self._open, []
            await workflow.execute_activity(
                "effect", batch, start_to_close_timeout=timedelta(seconds=20)
            )

    @workflow.update
    def put(self, text: str) -> int:
        self._seen += 1
        self._open.append(text)
        return self._seen


@activity.defn(name="effect")
async def effect(batch: list[str]) -> int:
    return len(batch)


def commands() -> list[tuple[str, dict[str, object]]]:
    batches = [
        ("close_opinion_batch", {"by": "m05", "batch": f"b{n}", "channel": "forum"})
        for n in range(10)
    ]
    found = {"by": "m05", "content": SEALED, "category": "study", "sources": ["form"]}
    first = [("file_plan", {"by": "m01", "content": SEALED}), ("accept_filing", {"by": "sup"})]
    return [*first, *batches, *(("find_issue", found) for _ in range(15))]


async def ours(client: Client, settings: Settings) -> str:
    gateway, cycle = TemporalGateway(client, settings), f"b{uuid4().hex[:10]}"
    scenario = load(find("nanzhang")).named(cycle)
    await gateway.open(scenario.opening())
    for number, (kind, body) in enumerate(commands()):
        await gateway.submit(cycle, kind, body, command_id=f"c{number}")
    return workflow_id(cycle)


async def bare(client: Client, settings: Settings) -> str:
    handle = await client.start_workflow(
        "Bare", id=f"bare/{uuid4().hex[:10]}", task_queue=settings.task_queue
    )
    for _ in range(COMMANDS):
        await handle.execute_update("put", TEXT)
    return handle.id


async def whole(client: Client, workflow_id: str) -> list[Any]:
    """Return the events of every run of a workflow: a long one continues as new."""
    runs = [w async for w in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
    handles = [client.get_workflow_handle(run.id, run_id=run.run_id) for run in runs]
    return [event for handle in handles for event in (await handle.fetch_history()).events]


async def measured(
    client: Client, play: Callable[[], Awaitable[str]], cycles: int
) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    ids = await asyncio.gather(*(play() for _ in range(cycles)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    await asyncio.sleep(1)  # the last effect belongs to the history
    histories = [await whole(client, i) for i in ids]
    sizes = [sum(e.ByteSize() for e in events) / 1000 for events in histories]
    return {
        "events": median(len(events) for events in histories),
        "kilobytes": round(median(sizes), 1),
        "cpu_s": round(cpu / cycles, 3),
        "wall_s": round(wall / cycles, 3),
    }


async def run(cycles: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    folder = tempfile.mkdtemp()
    env = await WorkflowEnvironment.start_local(
        data_converter=CONVERTER, dev_server_existing_path=temporal_binary(),
        dev_server_database_filename=f"{folder}/temporal.db", dev_server_log_level="error",
        dev_server_extra_args=[
            "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL",
        ],
        search_attributes=[UNIT, STATUS, MEETING_ON, OPEN_ISSUES],
    )  # fmt: skip
    async with env:
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        for name, cached in (("warm", 500), ("cold", 0)):
            settings = Settings(task_queue=f"ours-{name}", plugins="")
            async with core_worker(env.client, settings, lambda: ledger, cached=cached):
                found[f"ours {name}"] = await measured(
                    env.client, lambda s=settings: ours(env.client, s), cycles
                )
            settings = Settings(task_queue=f"bare-{name}")
            worker = Worker(
                env.client, task_queue=settings.task_queue, workflows=[Bare],
                activities=[effect], max_cached_workflows=cached,
            )  # fmt: skip
            async with worker:
                found[f"bare {name}"] = await measured(
                    env.client, lambda s=settings: bare(env.client, s), cycles
                )
    return found


def main() -> None:
    logs.configure(level=40)
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    found = asyncio.run(run(cycles))
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{COMMANDS} commands, {cycles} cycles at once, {where}")
    for name, row in found.items():
        print(f"{name:10}", *(f"{key} {value:>8}" for key, value in row.items()))
    for name in ("warm", "cold"):
        ratio = found[f"ours {name}"]["cpu_s"] / found[f"bare {name}"]["cpu_s"]
        print(f"CPU ours / bare, {name}: {ratio:.2f}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
    leave(0)
