"""A plugin that takes its process along costs neither the core nor its neighbours."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from isolation.conftest import add

DIES = {
    "exits": "    if not (HERE.parent / 'mended').exists(): os._exit(7)\n",
    "crashes": "    if not (HERE.parent / 'mended').exists(): ctypes.string_at(0)\n",
}
WITHIN_S = 5
"""After the schedule-to-start timeout: the promise made to operators."""


@asynccontextmanager
async def mending(lived):
    """Start again what has died, as ``taizhang up`` does."""

    async def mend():
        while True:
            await asyncio.to_thread(lived.stack.mend)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(mend())
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize("name", DIES)
async def test_the_cycle_is_held_and_goes_on_once_the_plugin_is_mended(house, plugins, name):
    add(plugins, "good")
    add(plugins, name, DIES[name], criticality="required")
    async with house() as lived:
        worker = lived.stack.pid("worker")
        async with mending(lived):
            cycle, _ = await lived.open()
            held = (await lived.until(cycle, "PlanBlocked")).data
            assert lived.stack.pid("worker") == worker
            (plugins / "mended").touch()
            local, conflicts = await lived.planned(cycle)

        assert lived.stack.pid("worker") == worker
    assert held["conflicts"][0]["code"] == "worker_absent"
    assert local == sorted([f"{name}.s", "good.s"])
    assert conflicts == {}


async def test_without_any_host_the_cycle_is_held_in_time_and_resumes(house, plugins):
    add(plugins, "good", criticality="required")
    async with house(plugin_wait_s=3) as lived:
        host, worker = lived.stack.pid("host"), lived.stack.pid("worker")
        os.kill(host, signal.SIGKILL)
        await asyncio.to_thread(lived.stack.reap, "host")
        cycle, _ = await lived.open()
        held = (await lived.until(cycle, "PlanBlocked")).data
        began = (await lived.until(cycle, "CyclePlanned")).data
        await asyncio.to_thread(lived.stack.mend)
        local, conflicts = await lived.planned(cycle)

        assert lived.stack.pid("worker") == worker
        assert lived.stack.pid("host") != host
    assert [c["code"] for c in held["conflicts"]] == ["worker_absent"]
    waited = datetime.fromisoformat(held["at"]) - datetime.fromisoformat(began["at"])
    assert waited < timedelta(seconds=lived.settings.plugin_wait_s + WITHIN_S)
    assert (local, conflicts) == (["good.s"], {})
