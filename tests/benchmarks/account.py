"""What a cycle with 136 open issues and 158 measures weighs in Temporal.

    python tests/benchmarks/account.py [COMMANDS]

Plays the account of Fengshan up to the day on which its lists stand, on the real server
with SQLite in WAL mode, synchronous FULL, then sends COMMANDS progress reports to a
worker that keeps nothing in its cache, so that each replays the run so far. Prints the
open timers, the longest run, the state carried from run to run, and how long a command
takes to be answered cold and warm. Figures hold for the machine named in the first line.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from engine import logs
from engine.ledger.sql import open_ledger
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.converter import CONVERTER
from workflows.gateway import TemporalGateway, workflow_id
from workflows.places import leave, temporal_binary
from workflows.worker import core_worker, host_worker

PRAGMAS = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"]
APART_S = 1.5
"""Cold commands are sent so far apart that nothing of the one before is still under way."""

SCRIPT = load(find("fengshan"))


def opening_acts() -> int:
    """Return how many acts there are until the three lists stand."""
    return 1 + max(
        n for n, a in enumerate(SCRIPT.acts) if getattr(a, "do", "") == "complete_lists"
    )


async def histories(client: Client, cycle: str) -> list[Any]:
    """Return the history of every run, oldest first."""
    runs = [w async for w in client.list_workflows(f"WorkflowId = '{workflow_id(cycle)}'")]
    runs.sort(key=lambda run: run.start_time)
    return [
        await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        for run in runs
    ]


def open_timers(history: Any) -> int:
    kinds = [event.event_type for event in history.events]
    begun = kinds.count(EventType.EVENT_TYPE_TIMER_STARTED)
    over = kinds.count(EventType.EVENT_TYPE_TIMER_FIRED)
    return begun - over - kinds.count(EventType.EVENT_TYPE_TIMER_CANCELED)


def carried_kb(history: Any) -> float:
    started = history.events[0].workflow_execution_started_event_attributes
    return round(sum(len(p.data) for p in started.input.payloads) / 1000, 1)


async def answers(
    gateway: TemporalGateway, commands: int, name: str, *, pause_s: float
) -> list[float]:
    """Return how many seconds each of ``commands`` progress reports took."""
    took = []
    for number in range(commands):
        issue = 1 + number % 136
        body = {
            "by": f"o{(issue - 1) % 34 + 1:02d}",
            "issue": issue,
            "measure": 1,
            "percent": 9,
        }
        begun = time.perf_counter()
        await gateway.submit(
            "fengshan-2021", "report_progress", body, command_id=f"{name}{number}"
        )
        took.append(time.perf_counter() - begun)
        await asyncio.sleep(pause_s)
    return took


async def run(commands: int) -> None:
    folder = tempfile.mkdtemp()
    env = await WorkflowEnvironment.start_local(
        data_converter=CONVERTER, dev_server_existing_path=temporal_binary(),
        dev_server_database_filename=f"{folder}/temporal.db", dev_server_log_level="error",
        dev_server_extra_args=PRAGMAS,
        search_attributes=[UNIT, STATUS, MEETING_ON, OPEN_ISSUES],
    )  # fmt: skip
    async with env:
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        settings = Settings(task_queue="account", plugin_task_queue="account-plugins")
        gateway = TemporalGateway(env.client, settings)
        part = SCRIPT.model_copy(update={"acts": SCRIPT.acts[: opening_acts()], "expect": ()})
        async with (
            core_worker(env.client, settings, lambda: ledger),
            host_worker(env.client, settings),
        ):
            await play(part, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
            warm = await answers(gateway, commands, "warm", pause_s=0)
        async with core_worker(env.client, settings, lambda: ledger, cached=0):
            cold = await answers(gateway, commands, "cold", pause_s=APART_S)
        found = await histories(env.client, "fengshan-2021")
    print("runs", len(found), "longest run", max(len(h.events) for h in found), "events")
    print("threshold of continue-as-new", settings.continue_after_events, "events")
    print("open timers of the last run", open_timers(found[-1]))
    print("carried state", [carried_kb(h) for h in found[1:]], "kB")
    for name, took in (("warm", warm), ("cold", cold)):
        shown = [round(t * 1000) for t in (median(took), max(took))]
        print(f"command {name}: median {shown[0]} ms, slowest {shown[1]} ms of {commands}")


def main() -> None:
    logs.configure(level=40)
    commands = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"136 issues, 158 measures, {os.cpu_count()} cores, {platform.python_version()}")
    asyncio.run(run(commands))


if __name__ == "__main__":
    main()
    leave(0)
