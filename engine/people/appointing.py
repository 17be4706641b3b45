"""Who gives and ends a role: nobody one's own, and above a unit those that oversee it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.people import refusals
from engine.people.leaving import Cycles, duties, remaining
from engine.people.organisation import Membership, Organisation
from engine.people.roles import RoleId
from engine.people.units import Unit, line
from engine.policy.roles import ANY_MEMBER
from engine.refusal import Refused

GIVEN_FROM_ABOVE: frozenset[RoleId] = frozenset(
    {
        "superior_officer", "guidance_group", "appeal_reviewer", "archivist",
        "privacy_officer", "operator",
    }
)  # fmt: skip
"""Roles that oversee, judge or keep a unit: whoever keeps its people does not give them."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who asks for a change, and the units whose people are his or hers to keep."""

    person: str
    units: frozenset[str]

    def against(
        self, wanted: Iterable[Membership], units: Mapping[str, Unit]
    ) -> Iterator[tuple[Membership, Refused]]:
        """Yield each role that may not be given or ended so; ``units`` has new ones too."""
        for m in wanted:
            above = line(units, units[m.unit])[1:] if m.unit in units else ()
            if m.person == self.person:
                yield m, refusals.NotToGrantOneself(m.role)
            elif m.role in GIVEN_FROM_ABOVE and self.units.isdisjoint(above):
                yield m, refusals.GivenFromAbove(m.role, m.unit)


@dataclass(frozen=True, slots=True)
class Endings:
    """Memberships on record that a change ends earlier, as ``Departures`` ends all of them.

    ``today`` is None for whoever may also correct the past.
    """

    organisation: Organisation
    cycles: Cycles
    today: date | None

    def against(
        self, changed: Collection[Membership], _: Mapping[str, Unit]
    ) -> Iterator[tuple[Membership, Refused]]:
        """Yield each end that comes too early, with why."""
        stored = {_key(m): m for m in self.organisation.memberships()}
        then = {**stored, **{_key(m): m for m in changed}}.values()
        for m in changed:
            was = stored.get(_key(m))
            if was and m.last and (was.last is None or was.last > m.last):
                after = remaining(then, m.unit, m.last)
                yield from ((m, why) for why in self._against(m, m.last, after))

    def _against(
        self, m: Membership, last: date, after: Mapping[str, set[str]]
    ) -> Iterator[Refused]:
        if self.today and last < self.today:
            yield refusals.InThePast(last.isoformat(), self.today.isoformat())
        if after.get(m.person, set()).isdisjoint(ANY_MEMBER):
            for duty in duties(m.person, self.cycles(m.unit)):
                yield refusals.NotHandedOver(duty.key)
        led = any("branch_secretary" in roles for roles in after.values())
        if m.role == "branch_secretary" and after and not led:
            yield refusals.NoSecretaryLeft(m.unit)


def newcomers(changed: Iterable[Membership], organisation: Organisation, on: date) -> set[str]:
    """Return the units that somebody belongs to whom ``changed`` brings into another one.

    Whoever keeps the other unit takes nobody from them: they are transferred by theirs.
    """
    now = [m for m in organisation.memberships() if m.last is None or m.last >= on]
    there = {(m.person, m.unit) for m in now}
    new = {m.person for m in changed if (m.person, m.unit) not in there}
    return {m.unit for m in now if m.person in new}


def _key(m: Membership) -> tuple[object, ...]:
    return m.person, m.unit, m.role, m.first
