"""The desk at which people hand in what they do: may they, is it whole, is it sealed, sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any

from engine.cycle.commands import CycleCommand
from engine.cycle.parse import parse
from engine.cycle.state import Cycle
from engine.gateway import CommandRefused, Gateway, Receipt
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.people.door import Door
from engine.people.standing_in import barred
from engine.publication.door import handed_in, sealed_command
from engine.publication.members import Members
from engine.reading.uses import file_of
from engine.refusal import Refused
from engine.vault.port import Vault
from engine.vault.sealing import without_texts


class Desk:
    """Takes commands with their texts, for the holder of ``credential`` where there is a door.

    ``cycle_of`` returns a cycle by the views; without it nobody judges in another's place,
    and no notice is compared with the names that ``members`` knows.

    Whoever may not learns nothing and leaves nothing: that is looked at first, once a
    command. Then every wrong field is told, and only then is a text sealed. Of a command
    that is refused no text is left; ``ledger`` says what a cycle that is over had taken.
    """

    def __init__(
        self, gateway: Callable[[], AbstractAsyncContextManager[Gateway]],
        vault: Callable[[], Vault], *, limit_bytes: int, door: Door | None = None,
        credential: str = "", cycle_of: Callable[[str], Cycle | None] = lambda _: None,
        members: Members | None = None, clock: Callable[[], datetime] = wall_clock,
        ledger: Callable[[], Ledger] | None = None,
    ) -> None:  # fmt: skip
        self._gateway = gateway
        self._vault = vault
        self._limit_bytes = limit_bytes
        self._door = door
        self._credential = credential
        self._cycle_of = cycle_of
        self._members = members
        self._clock = clock
        self._ledger = ledger

    async def submit(
        self, cycle: str, kind: str, body: Mapping[str, Any], *, command_id: str
    ) -> Receipt:
        """Return the receipt of the command, sealed and sent.

        Raises:
            Refused: nobody is known by the credential, or ``Denied``.
            CommandRefused: with every wrong field, before any text is sealed; or see
                ``Gateway``.
        """
        by = sender = str(body.get("by", ""))
        if self._door:
            behind = partial(self._barred, cycle, kind, body)
            sender = self._door.enter_cycle(self._credential, kind, cycle, by=by, barred=behind)
        issue = getattr(_check(kind, body), "issue", None)
        async with self._gateway() as gateway:
            sealed = sealed_command(
                kind, body, self._vault(), cycle=cycle, command_id=command_id,
                sender=sender, limit_bytes=self._limit_bytes,
                naming=partial(self._naming, cycle, issue),
            )  # fmt: skip
            return await handed_in(
                gateway, self._vault(), cycle, kind, sealed, command_id=command_id,
                recorded=partial(self._recorded, cycle),
            )  # fmt: skip

    def _recorded(self, cycle: str, contents: Collection[str]) -> bool:
        if self._ledger is None:
            return True
        file = file_of(self._ledger(), cycle)
        return file is not None and not file.uses.keys().isdisjoint(contents)

    def _naming(
        self, cycle: str, issue: int | None, texts: Mapping[str, str]
    ) -> Iterable[Refused]:
        state = self._cycle_of(cycle)
        if self._members is None or state is None:
            return ()
        return self._members.against(state, issue, texts)

    def _barred(self, cycle: str, kind: str, body: Mapping[str, Any], other: str) -> bool:
        state = self._cycle_of(cycle)
        if state is None:
            return True
        command = _check(kind, body)
        return barred(state, command, other, wall=self._clock())


def _check(kind: str, body: Mapping[str, Any]) -> CycleCommand:
    """Return the command with a reference in place of every text; refuse wrong fields."""
    try:
        return parse(kind, without_texts(dict(body)))
    except Refused as refused:
        raise CommandRefused.because(refused) from None
