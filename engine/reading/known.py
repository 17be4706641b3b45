"""What the organisation knows of people today, and what is left of a roster by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.people.delegations import Delegations, Standing
from engine.people.organisation import Organisation
from engine.people.refusals import NoSuchUnit
from engine.policy.roles import Person, Role


class Record(Protocol):
    """Who is who today."""

    def standings(self, person: str, unit: str) -> Sequence[Standing]:
        """Return the roles held towards ``unit``, lent ones too; none in an unknown unit."""

    def units(self, person: str) -> Sequence[str]:
        """Return the units ``person`` belongs to."""

    def name(self, person: str) -> str | None:
        """Return the reference of the name of ``person``; None for nobody on record."""

    def knows(self, unit: str) -> bool:
        """Say whether the people of ``unit`` are on record."""


class Nobody:
    """Knows no organisation: roles come from the cycle alone, and nobody has a name."""

    def standings(self, person: str, unit: str) -> Sequence[Standing]:
        """Return nothing."""
        return ()

    def units(self, person: str) -> Sequence[str]:
        """Return nothing."""
        return ()

    def name(self, person: str) -> str | None:
        """Return nothing."""
        return None

    def knows(self, unit: str) -> bool:
        """Say no."""
        return False


@dataclass(frozen=True, slots=True)
class Known:
    """What the organisation has on record."""

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

    def name(self, person: str) -> str | None:
        """Return the reference of the name of ``person``; None for nobody on record."""
        named = self.organisation.person(person)
        return named.name if named else None

    def knows(self, unit: str) -> bool:
        """Say whether the people of ``unit`` are on record."""
        return self.organisation.has(unit)


def in_office(person: Person | None, unit: str, record: Record) -> tuple[Role, ...]:
    """Return the roles a roster gives ``person`` and that are held today.

    A roster is of the day its cycle was opened. Where people are on record, who left since
    holds nothing by it; where they are not, it is all there is.
    """
    if person is None or not record.knows(unit):
        return person.roles if person else ()
    held = {s.role for s in record.standings(person.id, unit) if s.giver is None}
    return tuple(role for role in person.roles if role in held)
