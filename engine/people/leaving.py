"""Leaving a unit: what has to be handed over first, and what goes along.

What somebody answers for is read from the views, so a hand-over made in the cycle is
seen here, and nothing is kept twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

import sqlalchemy as sa

from engine.cycle.state import Cycle
from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals
from engine.people.delegations import Delegations, end_on, not_in_charge
from engine.people.noted import note
from engine.people.organisation import Membership, Organisation
from engine.people.tables import MEMBERSHIP, SUCCESSOR, WRITE_LOCK
from engine.policy.calendar import local_day
from engine.policy.roles import ANY_MEMBER
from engine.record import Id, Record
from engine.refusal import Refused, refuse

Cycles: TypeAlias = Callable[[str], Iterable[Cycle]]
"""Gives every cycle of a unit as the views have it."""

ALONG: tuple[str, ...] = ("member", "probationary_member", "leading_cadre")
"""The roles somebody takes along on a transfer; offices stay behind."""


class Duty(Record):
    """An open issue somebody answers for; a personal one is about a member, not the branch."""

    cycle: Id
    issue: int
    kind: Literal["personal", "branch"]

    @property
    def key(self) -> str:
        """Return ``<cycle>/<issue>``."""
        return f"{self.cycle}/{self.issue}"


class Left(Record):
    """How somebody left: issues that went along, and issues with a named successor."""

    memberships: int
    along: tuple[str, ...]
    named: dict[str, Id]


def duties(person: str, cycles: Iterable[Cycle]) -> tuple[Duty, ...]:
    """Return every open issue of ``cycles`` whose owner is ``person``."""
    return tuple(
        Duty(
            cycle=cycle.id, issue=issue.number,
            kind="personal" if issue.subject_kind == "member" else "branch",
        )
        for cycle in cycles
        for issue in cycle.issues
        if issue.open and issue.owner == person
    )  # fmt: skip


def remaining(memberships: Iterable[Membership], unit: str, last: date) -> dict[str, set[str]]:
    """Return who of ``memberships`` is in ``unit`` the day after ``last``, with their roles."""
    day, found = last + timedelta(days=1), dict[str, set[str]]()
    for m in memberships:
        if m.unit == unit and m.holds(day):
            found.setdefault(m.person, set()).add(m.role)
    return found


class Departures:
    """Ends memberships, only when nothing is left without anybody."""

    def __init__(
        self, organisation: Organisation, delegations: Delegations, cycles: Cycles,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._organisation = organisation
        self._delegations = delegations
        self._cycles = cycles
        self._clock = clock

    def to_hand_over(
        self, person: str, unit: str, *, to: str | None = None
    ) -> tuple[Duty, ...]:
        """Return what ``person`` has to hand over to leave ``unit``.

        On a transfer (``to`` a unit) personal issues go along; without one they stay.
        """
        found = duties(person, self._cycles(unit))
        return tuple(duty for duty in found if to is None or duty.kind == "branch")

    def leave(
        self, person: str, unit: str, *, last: date, by: str, to: str | None = None,
        successors: Mapping[str, str] | None = None,
    ) -> Left:  # fmt: skip
        """End every membership of ``person`` in ``unit`` with ``last``, and begin at ``to``.

        Args:
            person: Who leaves.
            unit: What is left.
            last: The last day there, today or later.
            by: Who keeps the unit's people, or the person.
            to: The unit that takes over, if there is one.
            successors: ``<cycle>/<issue>`` to who takes it over, for what is not handed
                over in the cycle yet.

        Raises:
            Refused: every reason at once; nothing is written.
        """
        named = dict(successors or {})
        held = self._open(person, unit, last)
        refuse(self.against(person, unit, last=last, by=by, to=to, successors=named))
        along = () if to is None else self._along(person, unit)
        with exclusive(self._organisation.engine, WRITE_LOCK) as connection:
            for membership in held:
                _ended(connection, membership, last)
            if to is not None:
                self._begin(connection, held, to, last)
            for delegation in self._delegations.of(person):
                if delegation.unit == unit:
                    end_on(connection, delegation, last)
            self._name(connection, person, named)
            note(
                connection, self._clock(), by=by, act="left", about=person, unit=unit, to=to,
                last=last.isoformat(), along=along, named=named,
            )  # fmt: skip
        return Left(memberships=len(held), along=along, named=named)

    def against(
        self, person: str, unit: str, *, last: date, by: str, to: str | None = None,
        successors: Mapping[str, str] | None = None,
    ) -> tuple[Refused, ...]:  # fmt: skip
        """Return every reason why ``leave`` refuses the same; none means that it may be."""
        wanted, held = self.to_hand_over(person, unit, to=to), self._open(person, unit, last)
        return (
            *self._badly_asked(person, unit, to, last, held),
            *self._not_in_charge(by, person, unit),
            *self._not_handed_over(person, unit, last, wanted, successors or {}),
            *self._leaderless(person, unit, last),
        )

    def pending(self) -> tuple[tuple[Duty, str, str], ...]:
        """Return each issue whose owner left and named a successor, not yet handed over.

        Each comes with who left and who is named; the secretary's ``hand_over_issue``
        in the cycle settles it.
        """
        with self._organisation.engine.connect() as connection:
            rows = connection.execute(
                sa.select(SUCCESSOR).order_by(SUCCESSOR.c.cycle, SUCCESSOR.c.issue)
            ).all()
        held = {
            (person, duty.key): duty
            for person in {row.person for row in rows}
            for unit in {m.unit for m in self._organisation.memberships(person=person)}
            for duty in duties(person, self._cycles(unit))
        }
        return tuple(
            (duty, str(row.person), str(row.successor))
            for row in rows
            if (duty := held.get((row.person, f"{row.cycle}/{row.issue}")))
        )

    def _open(self, person: str, unit: str, last: date) -> tuple[Membership, ...]:
        held = self._organisation.memberships(person=person, unit=unit)
        return tuple(m for m in held if m.last is None or m.last > last)

    def _along(self, person: str, unit: str) -> tuple[str, ...]:
        found = duties(person, self._cycles(unit))
        return tuple(duty.key for duty in found if duty.kind == "personal")

    def _badly_asked(
        self, person: str, unit: str, to: str | None, last: date, held: tuple[Membership, ...]
    ) -> Iterator[Refused]:
        units, today = self._organisation.units(), local_day(self._clock())
        yield from (refusals.NoSuchUnit(u) for u in (unit, to) if u and u not in units)
        if not held:
            yield refusals.NoSuchMembership(person, unit)
        if last < today:
            yield refusals.InThePast(last.isoformat(), today.isoformat())
        if any(m.first > last for m in held):
            yield refusals.DatesReversed(held[0].first.isoformat(), last.isoformat())

    def _not_in_charge(self, by: str, person: str, unit: str) -> Iterator[Refused]:
        if unit in self._organisation.units():
            today = local_day(self._clock())
            yield from not_in_charge(self._organisation, by, person, unit, on=today)

    def _not_handed_over(
        self, person: str, unit: str, last: date, wanted: tuple[Duty, ...],
        named: Mapping[str, str],
    ) -> Iterator[Refused]:  # fmt: skip
        keys = {duty.key for duty in wanted}
        yield from (
            refusals.NotHandedOver(duty.key) for duty in wanted if duty.key not in named
        )
        yield from (refusals.NothingToHandOver(key) for key in named if key not in keys)
        for successor in dict.fromkeys(named.values()):
            roles = self._after(unit, last).get(successor, set())
            if successor == person:
                yield refusals.NotToOneself(person)
            elif roles.isdisjoint(ANY_MEMBER):
                yield refusals.SuccessorNotThere(successor, unit)

    def _leaderless(self, person: str, unit: str, last: date) -> Iterator[Refused]:
        remaining = {p: r for p, r in self._after(unit, last).items() if p != person}
        was = self._organisation.memberships(person=person, unit=unit, on=last)
        led = any("branch_secretary" in roles for roles in remaining.values())
        if remaining and not led and any(m.role == "branch_secretary" for m in was):
            yield refusals.NoSecretaryLeft(unit)

    def _after(self, unit: str, last: date) -> dict[str, set[str]]:
        """Return who is in the unit the day after, with their roles."""
        return remaining(self._organisation.memberships(unit=unit), unit, last)

    def _begin(
        self, connection: sa.Connection, held: tuple[Membership, ...], to: str, last: date
    ) -> None:
        first = last + timedelta(days=1)
        there = {
            m.role
            for m in self._organisation.memberships(person=held[0].person, unit=to)
            if m.last is None or m.last >= first
        }
        for role in dict.fromkeys(m.role for m in held):
            if role in ALONG and role not in there:
                new = Membership(person=held[0].person, unit=to, role=role, first=first)
                connection.execute(sa.insert(MEMBERSHIP).values(new.model_dump(mode="json")))

    def _name(self, connection: sa.Connection, person: str, named: Mapping[str, str]) -> None:
        for key, successor in named.items():
            cycle, _, issue = key.rpartition("/")
            row = {"cycle": cycle, "issue": int(issue), "person": person}
            connection.execute(
                sa.delete(SUCCESSOR).where(*(SUCCESSOR.c[k] == v for k, v in row.items()))
            )
            connection.execute(sa.insert(SUCCESSOR).values({**row, "successor": successor}))


def _ended(connection: sa.Connection, membership: Membership, last: date) -> None:
    """Let a membership end with ``last``."""
    row = membership.model_dump(mode="json")
    keys = [column == row[column.name] for column in MEMBERSHIP.primary_key]
    connection.execute(sa.update(MEMBERSHIP).where(*keys).values(last=last.isoformat()))
