"""The room of reading, put together over one vault and one ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.people.delegations import Delegations, Standing
from engine.people.organisation import Organisation
from engine.people.refusals import NoSuchUnit
from engine.policy.calendar import local_day
from engine.reading.door import Door
from engine.reading.erasure import Erasure
from engine.reading.exports import Exports
from engine.reading.glass import Glass
from engine.vault.port import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The door, and what is lent when it is shut."""

    door: Door
    glass: Glass
    exports: Exports
    erasure: Erasure


@dataclass(frozen=True, slots=True)
class Known:
    """What the organisation knows of a person today."""

    organisation: Organisation
    delegations: Delegations
    today: Callable[[], date]

    def standings(self, person: str, unit: str) -> Sequence[Standing]:
        """Return the roles held towards ``unit``, lent ones too; none in an unknown unit."""
        try:
            return self.delegations.standings(person, unit, on=self.today())
        except NoSuchUnit:
            return ()

    def units(self, person: str) -> Sequence[str]:
        """Return the units ``person`` belongs to."""
        held = self.organisation.memberships(person=person, on=self.today())
        return tuple(dict.fromkeys(m.unit for m in held))


def reading(
    vault: Vault, ledger: Ledger, organisation: Organisation, delegations: Delegations,
    clock: Callable[[], datetime] = wall_clock,
) -> Reading:  # fmt: skip
    """Return everything over ``vault`` and ``ledger``; roles as the organisation has them."""
    known = Known(organisation, delegations, lambda: local_day(clock()))
    glass, exports = Glass(vault, ledger, clock), Exports(ledger, clock)
    return Reading(
        door=Door(vault, ledger, glass, standings=known.standings, units=known.units),
        glass=glass,
        exports=exports,
        erasure=Erasure(
            vault, ledger, exports, clock, standings=known.standings, units=known.units
        ),
    )
