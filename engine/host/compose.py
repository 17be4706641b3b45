"""Compose the plan of an opening as a cycle would, without a server and without a cycle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path

from engine.cycle.commands import OpenCycle
from engine.host.apart import answers
from engine.host.discovery import discover, roster
from engine.host.guard import CALL_TIMEOUT_S
from engine.host.scopes import load
from engine.plan.calls import HookCall, HookEnvelope, Roster, collect
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.reviews import reviewed, reviews, with_reviewers
from engine.plan.steps import Contribution, Plan, PlanContext
from engine.plan.wanted import wanted


class Composer:
    """Asks every plugin once, and merges what they offered as often as wanted.

    The file ``scopes`` says which plugins are on for the unit of the opening.
    """

    def __init__(
        self, opening: OpenCycle, folder: Path | None, allowed: frozenset[str] | None,
        *, now: datetime, scopes: Path | None = None, timeout_s: float = CALL_TIMEOUT_S,
    ) -> None:  # fmt: skip
        self._opening = opening
        self._folder = folder
        self._allowed = allowed
        self._now = now
        self._scopes = scopes
        self._timeout_s = timeout_s

    def under(self, scopes: Path) -> Composer:
        """Return a composer of the same opening that holds to another file."""
        return Composer(
            self._opening, self._folder, self._allowed, now=self._now, scopes=scopes
        )

    @cached_property
    def roster(self) -> Roster:
        """Return the plugins that are asked.

        Raises:
            ScopesError: the file cannot be read.
        """
        found = discover(self._folder, self._allowed)
        present = roster(found, load(self._scopes), self._opening.unit)
        return wanted(present, self._opening.plugins)

    def plan(self) -> Plan:
        """Return the plan that would be pinned, with what its reviewers object."""
        plan = with_reviewers(self.merged(), self.roster)
        asked = reviews(self.roster, self._context, plan)
        return reviewed(plan, self._answers(asked))

    def merged(self) -> Plan:
        """Return the plan before any review."""
        return self._merged(self._offered)

    def shuffled(self, times: int, *, seed: int = 0) -> Iterator[str]:
        """Yield the digest of the merged plan for ``times`` random orders of the roster."""
        order, dice = list(self._offered), random.Random(seed)  # noqa: S311  no secret
        for _ in range(times):
            dice.shuffle(order)
            yield self._merged(tuple(order)).digest

    @cached_property
    def _context(self) -> PlanContext:
        opening = self._opening
        return PlanContext(
            cycle=opening.cycle, unit=opening.unit, core_steps=CORE_STEPS,
            opened_at=opening.rehearsal_from or self._now, people=opening.people,
        )  # fmt: skip

    @cached_property
    def _offered(self) -> tuple[Contribution, ...]:
        calls = self.roster.calls(self._context)
        return collect(self.roster, self._answers(calls))

    def _answers(self, calls: tuple[HookCall, ...]) -> tuple[HookEnvelope, ...]:
        said = load(self._scopes)
        return answers(self._folder, calls, scopes=said, timeout_s=self._timeout_s)

    def _merged(self, offered: tuple[Contribution, ...]) -> Plan:
        return merge(offered, unloaded=self.roster.conflicts, fixed=self.roster.order)
