"""A slow plugin costs its time limit, and nobody else anything."""

from __future__ import annotations

import time

from isolation.conftest import add

from engine.host.guard import CALL_TIMEOUT_S

SLOW = {
    "sleeps": "    time.sleep(3600)\n",
    "awaits": "    asyncio.run(asyncio.sleep(3600))\n",
    "burns": "    while True: pass\n",
}
PATIENCE_S = 12
"""For the processes around one call on a machine that others use too."""


async def test_the_plan_is_pinned_within_the_limit_without_those_that_hang(house, plugins):
    add(plugins, "good")
    for name, body in SLOW.items():
        add(plugins, name, body)
    async with house() as lived:
        began = time.monotonic()
        cycle, _ = await lived.open()
        local, conflicts = await lived.planned(cycle)
        took_s = time.monotonic() - began
        began = time.monotonic()
        again, _ = await lived.open()
        assert await lived.planned(again) == (local, conflicts)
        again_s = time.monotonic() - began

    assert local == ["good.s"]
    assert conflicts == dict.fromkeys(SLOW, "contribution_timeout")
    assert took_s < CALL_TIMEOUT_S + PATIENCE_S
    assert again_s < CALL_TIMEOUT_S, "whoever still hangs is not waited for again"
