"""A gateway behind the door: what a person may not do is never sent."""

from __future__ import annotations

from typing import Any

from engine.cycle.commands import OpenCycle
from engine.gateway import CommandRefused, Gateway, Receipt
from engine.people.door import Denied, Door
from engine.refusal import Refused


class GuardedGateway:
    """Sends for the holder of ``credential`` alone."""

    def __init__(self, gateway: Gateway, door: Door, credential: str) -> None:
        self._gateway = gateway
        self._door = door
        self._credential = credential

    async def open(self, command: OpenCycle) -> None:
        """Open a cycle of a unit in which the person may; see ``Gateway``."""
        try:
            self._door.enter(self._credential, command.kind, command.unit, by=command.by)
        except Refused as refused:
            raise CommandRefused.because(refused) from None
        await self._gateway.open(command)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Send a command the person may give in that cycle; see ``Gateway``."""
        self.permit(cycle, kind, body)
        return await self._gateway.submit(cycle, kind, body, command_id=command_id)

    def permit(self, cycle: str, kind: str, body: dict[str, Any]) -> None:
        """Return when the person may; for whoever has to seal a text before sending.

        Raises:
            CommandRefused: with the one reason everybody is told.
        """
        by = body.get("by")
        try:
            if not isinstance(by, str):
                raise Denied
            self._door.enter_cycle(self._credential, kind, cycle, by=by)
        except Refused as refused:
            raise CommandRefused.because(refused) from None
