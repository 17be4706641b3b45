"""A cycle keeps the version it was planned with, whatever is installed meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from isolation.conftest import add

from engine.gateway import CommandRefused

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
FILED = (("file_plan", {"by": "m01", "content": SEALED}), ("accept_filing", {"by": "sup"}))


async def deploy(lived, plugins, version, step):
    """Put another version in place and start the host again, as an operator does."""
    add(plugins, "local", step=step, version=version)
    os.kill(lived.stack.pid("host"), signal.SIGTERM)
    await asyncio.to_thread(lived.stack.reap, "host")
    await asyncio.to_thread(lived.stack.mend)


async def pinned(lived, cycle):
    """The version in the plan of a cycle, and its local steps."""
    plan = (await lived.until(cycle, "PlanPinned")).data["plan"]
    (pin,) = plan["plugins"]
    return pin["version"], [s["id"] for s in plan["steps"] if s["origin"] == "local"]


async def started(lived):
    cycle, opening = await lived.open()
    await opening
    for kind, body in FILED:
        await lived.gateway.submit(cycle, kind, body, command_id=kind)
    return cycle


async def record(lived, cycle, step):
    body = {"by": "m01", "step": step, "evidence": SEALED}
    await lived.gateway.submit(cycle, "record_step", body, command_id=f"record-{step}")


async def test_each_cycle_ends_on_the_version_it_began_with_also_after_a_rollback(
    house, plugins
):
    add(plugins, "local", step="old", version="1.0")
    async with house() as lived:
        first = await started(lived)
        await deploy(lived, plugins, "1.1", "new")
        second = await started(lived)
        await record(lived, first, "local.old")
        with pytest.raises(CommandRefused) as unknown:
            await record(lived, first, "local.new")
        await deploy(lived, plugins, "1.0", "old")
        third = await started(lived)
        await record(lived, second, "local.new")

        assert await pinned(lived, first) == ("1.0", ["local.old"])
        assert await pinned(lived, second) == ("1.1", ["local.new"])
        assert await pinned(lived, third) == ("1.0", ["local.old"])
        assert (await lived.until(first, "StepRecorded")).data["step"] == "local.old"
        assert (await lived.until(second, "StepRecorded")).data["step"] == "local.new"
    assert unknown.value.reasons[0].facts["step"] == "local.new"
