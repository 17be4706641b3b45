"""Compose the plan of an opening as a cycle would, without a server and without a cycle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from engine.cycle.commands import OpenCycle
from engine.host.apart import answers
from engine.host.discovery import discover, roster
from engine.host.scopes import Scopes, load
from engine.plan.calls import Roster, collect
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Contribution, Plan, PlanContext
from engine.plan.wanted import wanted


class Composer:
    """Asks every plugin once, and merges what they offered as often as wanted."""

    def __init__(
        self, opening: OpenCycle, folder: Path | None, allowed: frozenset[str] | None,
        *, now: datetime, scopes: Path | None = None,
    ) -> None:  # fmt: skip
        said = load(scopes) if scopes else Scopes()
        present = roster(discover(folder, allowed), said, opening.unit)
        self._roster = wanted(present, opening.plugins)
        context = PlanContext(
            cycle=opening.cycle, unit=opening.unit, opened_at=opening.rehearsal_from or now,
            core_steps=CORE_STEPS, people=opening.people,
        )  # fmt: skip
        given = answers(folder, self._roster.calls(context), scopes=scopes)
        self._offered = collect(self._roster, given)

    @property
    def roster(self) -> Roster:
        """Return the plugins that were asked."""
        return self._roster

    def plan(self) -> Plan:
        """Return the plan that would be pinned."""
        return self._merged(self._offered)

    def shuffled(self, times: int, *, seed: int = 0) -> Iterator[str]:
        """Yield the digest of the plan for ``times`` random orders of the roster."""
        order, dice = list(self._offered), random.Random(seed)  # noqa: S311  no secret
        for _ in range(times):
            dice.shuffle(order)
            yield self._merged(tuple(order)).digest

    def _merged(self, offered: tuple[Contribution, ...]) -> Plan:
        return merge(offered, unloaded=self._roster.conflicts)
