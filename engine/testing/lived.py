"""Whole cycles as a ledger holds them, played by the rules alone, with real plans."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from engine.cycle.commands import OpenCycle
from engine.gateway import Receipt
from engine.ledger.sql import SqlLedger
from engine.plan.steps import Plan
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.testing.rules import RulesAlone
from engine.vault.memory import InMemoryVault

TEXT_LIMIT_BYTES = 16_384


class _AtOnce:
    """A gateway over the rules alone."""

    def __init__(self, rules: RulesAlone) -> None:
        self._rules = rules

    async def open(self, command: OpenCycle) -> None:
        self._rules.open(command)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        return self._rules.submit(cycle, kind, body, command_id=command_id)


def lived(
    scenarios: Iterable[str], plan: Callable[[OpenCycle], Plan], ledger: SqlLedger
) -> int:
    """Play ``scenarios`` with the plans that ``plan`` composes; return the number of events.

    Raises:
        OffScriptError: a plan lacks a step the scenario plays.
    """
    rules = RulesAlone(plan)
    for name in scenarios:
        asyncio.run(
            play(
                load(find(name)), _AtOnce(rules), InMemoryVault(), told=lambda _: None,
                limit_bytes=TEXT_LIMIT_BYTES,
            )
        )  # fmt: skip
    events = [recorded.event for recorded in rules.ledger.read(limit=1_000_000)]
    ledger.append(events)
    return len(events)
