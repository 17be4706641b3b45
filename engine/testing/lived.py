"""Whole cycles as a ledger holds them, played by the rules alone, with real plans."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from engine.cycle.commands import OpenCycle
from engine.ledger.sql import SqlLedger
from engine.plan.steps import Plan
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.testing.rules import AtOnce, RulesAlone
from engine.vault.memory import InMemoryVault

TEXT_LIMIT_BYTES = 16_384


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
                load(find(name)), AtOnce(rules), InMemoryVault(), told=lambda _: None,
                limit_bytes=TEXT_LIMIT_BYTES,
            )
        )  # fmt: skip
    events = [recorded.event for recorded in rules.ledger.read(limit=1_000_000)]
    ledger.append(events)
    return len(events)
