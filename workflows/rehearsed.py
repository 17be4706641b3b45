"""The ground of a rehearsed cycle that is a server which skips time; see ``engine.testing``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.cli.parts import Parts
from engine.cycle.commands import OpenCycle
from engine.cycle.state import Cycle
from engine.cycle.timely import moment, next_due
from engine.gateway import Gateway, Receipt
from engine.host.manifest import read
from engine.scenario.calendar import ServerClock
from engine.settings import Settings
from engine.testing import RehearsedCycle
from workflows.parts import parts

SETTLES_IN_S = 20.0
LOOK_AGAIN_S = 0.05
EVERY = 9999


class UnsettledError(AssertionError):
    """The ledger did not receive in time what the cycle said it had recorded."""


class SkippingGround:
    """Sends commands to a server, skips its time, and reads the ledger.

    A cycle that is opened without naming plugins is planned with ``plugin``.
    """

    def __init__(
        self, plugin: str, runner: asyncio.Runner, gateway: Gateway, clock: ServerClock,
        parts: Parts,
    ) -> None:  # fmt: skip
        self._plugin = plugin
        self._runner = runner
        self._gateway = gateway
        self._clock = clock
        self._parts = parts
        self._promised: dict[str, int] = {}

    def open(self, opening: OpenCycle) -> None:
        """Start the cycle's workflow; see ``Ground``."""
        if opening.plugins is None:
            opening = opening.model_copy(update={"plugins": (self._plugin,)})
        self._runner.run(self._gateway.open(opening))

    def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Send the command; see ``Ground``."""
        sent = self._gateway.submit(cycle, kind, body, command_id=command_id)
        receipt = self._runner.run(sent)
        self._promised.update(receipt.versions)
        return receipt

    def wait(self, cycle: str, duration: timedelta) -> None:
        """Skip the server's time; the workflow's timers ring."""
        self._runner.run(self._clock.skip(duration))

    def state(self, cycle: str) -> Cycle:
        """Return the cycle once the ledger holds all that was recorded and is due.

        Raises:
            UnsettledError: it does not within twenty seconds.
        """
        return self._runner.run(self._settled(cycle))

    def now(self, cycle: str) -> datetime:
        """Return the server's moment on the cycle's calendar."""
        return moment(self.state(cycle), self._runner.run(self._clock.now()))

    async def _settled(self, name: str) -> Cycle:
        for _ in range(round(SETTLES_IN_S / LOOK_AGAIN_S)):
            wall, arrived = await self._clock.now(), self._arrived()
            cycle = self._parts.readings().cycle(name)  # after: what has arrived is in it
            if arrived and cycle and cycle.plan and not _overdue(cycle, wall):
                return cycle
            await asyncio.sleep(LOOK_AGAIN_S)
        raise UnsettledError(f"{name}: not in the ledger after {SETTLES_IN_S:g} s")

    def _arrived(self) -> bool:
        ledger = self._parts.ledger()
        return all(
            len(ledger.read(stream=stream, limit=EVERY)) >= version
            for stream, version in self._promised.items()
        )


def _overdue(cycle: Cycle, wall: datetime) -> bool:
    due = next_due(cycle)
    return due is not None and due <= moment(cycle, wall)


@contextmanager
def rehearsed(plugin: Path, folder: Path) -> Iterator[RehearsedCycle]:
    """Give a cycle planned with the plugin in ``plugin``; its data lies in ``folder``.

    The server, the worker and the plugin host are processes of their own.
    """
    name = read(plugin).id
    settings = Settings(
        data_dir=folder / "var", plugins_dir=plugin.parent, plugins=name, notices="off",
        temporal_address=None,
    )  # fmt: skip
    with parts(settings).stage("time_skipping") as running, asyncio.Runner() as runner:
        assert running.clock is not None
        stack = AsyncExitStack()
        gateway = runner.run(stack.enter_async_context(running.parts.gateway()))
        clock = runner.run(stack.enter_async_context(running.clock()))
        yield RehearsedCycle(SkippingGround(name, runner, gateway, clock, running.parts))
        runner.run(stack.aclose())
