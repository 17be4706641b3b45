"""A gateway without a server: the rules alone, for tests of what stands on a gateway."""

from __future__ import annotations

from engine.plan.merge import merge
from engine.testing.rules import WALL, RulesAlone

__all__ = ["WALL", "InProcessGateway"]


class InProcessGateway:
    """Answers as a gateway does, at once."""

    def __init__(self, contributions=()) -> None:
        self._rules = RulesAlone(lambda _: merge(contributions))
        self.ledger = self._rules.ledger
        self.cycles = self._rules.cycles

    async def open(self, command):
        self._rules.open(command)

    async def submit(self, cycle, kind, body, *, command_id):
        return self._rules.submit(cycle, kind, body, command_id=command_id)
