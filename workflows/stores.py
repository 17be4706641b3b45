"""The stores of one installation, each opened when it is first needed and kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from engine.cli.parts import USAGE, Stopped
from engine.guests.links import Guests
from engine.ledger.sql import SqlLedger, open_ledger
from engine.notices.addresses import named
from engine.opinions.carried import carried
from engine.opinions.room import Opinions, open_room
from engine.opinions.shutting import originals
from engine.people.door import Door
from engine.people.everything import People, open_people
from engine.policy.pack import load_pack
from engine.policy.rules import Retained
from engine.reading.retention import Forms, Retention
from engine.reading.room import Reading, reading
from engine.settings import Settings
from engine.vault.keys import MasterKeyError, derived
from engine.vault.sql import SqlVault, open_vault
from engine.views.projector import Projector
from engine.views.readings import Readings
from workflows.notifying import master_key


class Stores:
    """Ledger, views, vault, people and opinions over ``settings``.

    Raises:
        Stopped: what needs the master key finds none.
    """

    def __init__(self, settings: Settings, *, guarded: bool) -> None:
        self._settings = settings
        self._guarded = guarded

    @cached_property
    def ledger(self) -> SqlLedger:
        """Return the ledger."""
        return open_ledger(self._settings.ledger)

    @cached_property
    def projector(self) -> Projector:
        """Return what follows the ledger into the views."""
        return Projector(self.ledger, self.ledger.engine)

    @cached_property
    def readings(self) -> Readings:
        """Return the views."""
        return Readings(self.ledger, self.projector)

    @cached_property
    def vault(self) -> SqlVault:
        """Return the sealed content."""
        return open_vault(self._settings.vault, self._master)

    @cached_property
    def people(self) -> People:
        """Return units, members, accounts and what belongs to them."""
        pepper = derived(self._master, "sign-in tries")
        return open_people(self._settings.people, pepper, lambda u: self.readings.of_unit(u))

    @cached_property
    def reading(self) -> Reading:
        """Return the door to what is sealed, break-glass, exports and erasure."""
        people = self.people
        return reading(self.vault, self.ledger, people.organisation, people.delegations)

    @cached_property
    def retention(self) -> Retention:
        """Return what destroys content whose time is over; the vault opens when it does."""
        kept = load_pack().retention or Retained()
        return Retention(
            lambda: self.vault, self.ledger, self._forms, kept, elsewhere=self._carried
        )

    def _carried(self) -> Iterator[str]:
        """Yield what is carried outside the ledger: opinions, names, and names of addresses."""
        yield from carried(self.opinions.codings.engine)
        yield from (person.name for person in self.people.organisation.persons())
        yield from named(self._settings.notice_addresses)

    def _forms(self) -> Iterator[Forms]:
        """Yield the originals of every batch that is coded."""
        for batch in self.opinions.batches.closed():
            assert batch.closed_on is not None
            yield Forms(
                subject=originals(batch.id), cycle=batch.cycle, coded_on=batch.closed_on
            )

    @property
    def opinions(self) -> Opinions:
        """Return forms, answers and what becomes of them."""
        return open_room(
            tokens=self._settings.tokens, opinions=self._settings.opinions,
            master=self._master, vault=self.vault,
            limit_bytes=self._settings.text_limit_bytes,
        )  # fmt: skip

    @property
    def guests(self) -> Guests:
        """Return the links of representatives."""
        return Guests(self.ledger.engine, self._master, self.ledger, self.readings.cycle)

    def door(self) -> Door | None:
        """Return what people pass before they act, once anybody has an account."""
        if not self._guarded or not self.people.accounts.any():
            return None
        people = self.people
        return Door(people.accounts, people.tokens, people.delegations, self._unit_of)

    def _unit_of(self, cycle: str) -> str | None:
        found = self.readings.cycle(cycle)
        return found.unit if found else None

    @property
    def _master(self) -> bytes:
        try:
            return master_key(self._settings)
        except MasterKeyError as error:
            raise Stopped(str(error), code=USAGE) from error
