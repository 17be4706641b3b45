"""Deliver every event of a ledger to one plugin, in a process that may be made to die.

Run as ``python -m engine.testing.redelivered``; ``Delivering`` is on its standard input.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field

from engine.deliveries.deliverer import Deliverer
from engine.deliveries.subscriptions import subscriptions
from engine.host.host import Host
from engine.host.manifest import read
from engine.host.scopes import Scopes, Table
from engine.ledger.sql import open_ledger, wall_clock
from engine.plan.calls import HookEnvelope
from engine.plan.delivered import Delivered, DeliveryContext
from engine.record import Record


class Delivering(Record):
    """What one process does: each event ``times`` over, and death after ``dies_after``.

    ``config`` is what the plugin is configured with everywhere. ``dies_after`` counts events
    whose effect is there and whose mark is not; 0 lets the process live. ``later_h`` moves
    its clock, so that what failed is due again.
    """

    ledger: str
    plugin: Path
    folder: Path
    times: int = 1
    dies_after: int = 0
    later_h: int = 0
    config: dict[str, Any] = Field(default_factory=dict)


class Heard(Record):
    """How many events the plugin took, and why it did not take the others."""

    events: int
    failed: tuple[str, ...] = ()


def deliver(asked: Delivering) -> Heard:
    """Deliver until nothing is due."""
    found = read(asked.plugin)
    scopes = Scopes(province=Table(config={found.id: asked.config} if asked.config else {}))
    host, given = Host([found], scopes=lambda: scopes), 0

    def hears(context: DeliveryContext, event: Delivered) -> HookEnvelope:
        nonlocal given
        answers = [host.deliver(context, event) for _ in range(asked.times)]
        given += 1
        if given == asked.dies_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return next((answer for answer in answers if not answer.ok), answers[0])

    def clock() -> datetime:
        return wall_clock() + timedelta(hours=asked.later_h)

    deliverer = Deliverer(
        open_ledger(asked.ledger), subscriptions([found]), hears, folder=asked.folder,
        clock=clock,
    )  # fmt: skip
    while deliverer.deliver().delivered:
        pass
    left = deliverer.outcomes.letters(("failed", "dead", "waiting", "delivering"))
    return Heard(events=given, failed=tuple(f"{one.kind}: {one.error}" for one in left))


def main() -> None:
    """Write what was heard on the last line of the output."""
    heard = deliver(Delivering.model_validate_json(sys.stdin.buffer.read()))
    sys.stdout.write(f"\n{heard.model_dump_json()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
