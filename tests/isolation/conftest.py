"""The embedded stack with plugins of a test: server, worker and host, each a process."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import real_stack
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from engine.gateway import CommandRefused
from engine.ledger.sql import SqlLedger, open_ledger
from engine.settings import Settings
from workflows.embedded import Stack
from workflows.gateway import TemporalGateway, connect

MANIFEST = """id = "{name}"
version = "VERSION"
api = "2"
criticality = "CRITICALITY"
hooks = ["contribute_steps"]
title_zh = "测试"
title_en = "test"
"""
HEAD = """import asyncio, ctypes, os, sys, threading, time
from pathlib import Path
from engine import PlanContext, StepContribution, hookimpl

HERE = Path(__file__).parent

@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
"""
STEP = (
    "    return [StepContribution(id='{name}.STEP', anchor='study', side='after', "
    "shape='evidence')]\n"
)


def add(folder, name, body="", *, step="s", version="1.0", criticality="optional") -> Path:
    """Write a plugin with one step; ``body`` runs before it is given."""
    said = MANIFEST.replace("VERSION", version).replace("CRITICALITY", criticality)
    code = HEAD + body + STEP.replace("STEP", step)
    place = folder / name
    place.mkdir(exist_ok=True)
    (place / "__init__.py").write_text(code.replace("{name}", name), "utf-8")
    (place / "plugin.toml").write_text(said.replace("{name}", name), "utf-8")
    return place


@dataclass
class House:
    """A stack that is up, and how to open cycles in it."""

    stack: Stack
    settings: Settings
    client: Client
    gateway: TemporalGateway
    ledger: SqlLedger

    async def open(self, unit="u1", **changes):
        """Open a cycle of ``unit`` in the background; return its id and the task."""
        cycle = f"c-{uuid4().hex[:8]}"
        asked = {"cycle": cycle, "unit": unit, "plugins": None, **changes}
        opening = NANZHANG.opening().model_copy(update=asked)
        return cycle, asyncio.create_task(self._opened(opening))

    async def _opened(self, opening) -> None:
        try:
            await self.gateway.open(opening)
        except CommandRefused:
            return

    def events(self, cycle):
        return [row.event for row in self.ledger.read(stream=f"cycle/{cycle}", limit=9999)]

    async def until(self, cycle, kind, *, within_s=60):
        """Return the event of that kind once the ledger has it."""
        async with asyncio.timeout(within_s):
            while True:
                for event in self.events(cycle):
                    if event.kind == kind:
                        return event
                await asyncio.sleep(0.05)

    async def planned(self, cycle, *, within_s=60):
        """Return the local steps of the plan and its conflicts by plugin."""
        plan = (await self.until(cycle, "PlanPinned", within_s=within_s)).data["plan"]
        local = [step["id"] for step in plan["steps"] if step["origin"] == "local"]
        return local, {c["plugin"]: c["code"] for c in plan["conflicts"]}

    def log(self, part) -> str:
        return (self.settings.data_dir / f"{part}.log").read_text("utf-8", "replace")


async def polled(client, queue) -> None:
    """Wait until a worker takes cycles from ``queue``: what a plugin costs begins then."""
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )  # fmt: skip
    async with asyncio.timeout(60):
        while not (await client.workflow_service.describe_task_queue(asked)).pollers:
            await asyncio.sleep(0.05)


@pytest.fixture
def plugins(tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    return folder


@pytest.fixture
def house(tmp_path, plugins):
    """A context: the stack over the plugins of the test."""

    @asynccontextmanager
    async def lived(**more):
        told = {"plugin_wait_s": 30, **more}
        settings = Settings(
            data_dir=tmp_path / "data", plugins_dir=plugins, notices="off",
            plugins_file=tmp_path / "plugins.toml", **told,
        )  # fmt: skip
        async with real_stack(settings) as (stack, reached):
            client = await connect(reached)
            await polled(client, reached.task_queue)
            gateway = TemporalGateway(client, reached)
            ledger = await asyncio.to_thread(open_ledger, settings.ledger)
            yield House(stack, reached, client, gateway, ledger)
            ledger.engine.dispose()

    return lived
