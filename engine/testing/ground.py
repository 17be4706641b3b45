"""What a rehearsed cycle runs on: the rules alone, or a server that skips time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.cycle.commands import OpenCycle
from engine.cycle.state import Cycle
from engine.cycle.timely import moment
from engine.gateway import Receipt
from engine.plan.steps import Plan
from engine.testing.cast import plan_context
from engine.testing.hosted import PluginHost
from engine.testing.prepared import who
from engine.testing.rules import WALL, RulesAlone


class Ground(Protocol):
    """Takes the commands of one cycle and lets its time pass."""

    def open(self, opening: OpenCycle) -> None:
        """Open the cycle and return when its plan is pinned."""

    def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand a command to the cycle; raises what a ``Gateway`` raises."""

    def wait(self, cycle: str, duration: timedelta) -> None:
        """Let time pass; whatever falls due meanwhile happens."""

    def state(self, cycle: str) -> Cycle:
        """Return the cycle after every command it has taken."""

    def now(self, cycle: str) -> datetime:
        """Return the moment on the cycle's own calendar."""


class RulesGround:
    """The rules alone, planned with the plugins of ``host``."""

    def __init__(self, host: PluginHost) -> None:
        self._host = host
        self._rules = RulesAlone(self._composed, host.review)

    def open(self, opening: OpenCycle) -> None:
        """Open the cycle; see ``Ground``."""
        self._rules.open(opening)

    def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Decide at once; see ``Ground``."""
        return self._rules.submit(cycle, kind, body, command_id=command_id)

    def wait(self, cycle: str, duration: timedelta) -> None:
        """Move the cycle's calendar, as its secretary may in a rehearsal."""
        state = self.state(cycle)
        to = self.now(cycle) + duration
        body = {"by": who(state, "branch_secretary"), "to": to}
        self._rules.submit(cycle, "advance_clock", body, command_id=f"clock-{to:%Y%m%dT%H%M%S}")

    def state(self, cycle: str) -> Cycle:
        """Return the cycle as it stands, as the rules see it."""
        return self._rules.cycles[cycle]

    def now(self, cycle: str) -> datetime:
        """Return the moment to which the calendar was moved."""
        return moment(self.state(cycle), WALL)

    def _composed(self, opening: OpenCycle) -> Plan:
        return self._host.plan(
            plan_context(
                opening.people, cycle=opening.cycle, unit=opening.unit,
                opened_at=opening.rehearsal_from or WALL,
            ),
            wants=opening.plugins,
        )  # fmt: skip
