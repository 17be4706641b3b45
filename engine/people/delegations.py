"""Delegation while away: a role lent to somebody, for some days, and never more than that."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals
from engine.people.noted import note
from engine.people.organisation import Organisation
from engine.people.permission import Thing, heeds_all, may
from engine.people.roles import ROW, RoleId, allowed, barred
from engine.people.tables import DELEGATION, WRITE_LOCK
from engine.people.units import below
from engine.policy.calendar import local_day
from engine.policy.roles import ANY_MEMBER
from engine.record import Id, Record
from engine.refusal import Refused, refuse

LONGEST_DAYS = 183


class Delegation(Record):
    """Roles of ``giver`` in ``unit``, lent from ``first`` to ``last``, both included.

    One that was taken back ended at ``returned_at``, within ``last``.
    """

    id: Id
    giver: Id
    delegate: Id
    unit: Id
    roles: tuple[RoleId, ...]
    first: date
    last: date
    returned_at: AwareDatetime | None = None

    def holds(self, on: date) -> bool:
        """Say whether it holds on that day; on the day it was returned no more."""
        back = self.returned_at and local_day(self.returned_at)
        return self.first <= on <= self.last and (back is None or on < back)


class Standing(Record):
    """A role somebody acts in: one's own, or in the place of ``giver``."""

    role: RoleId
    giver: Id | None = None


def of_branch(standings: Iterable[Standing]) -> bool:
    """Say whether somebody with ``standings`` towards a unit is one of its members."""
    return any(held.role in ANY_MEMBER for held in standings if held.giver is None)


class Place(Record):
    """A unit somebody stands in; ``below`` when that reaches the units below it."""

    unit: Id
    standing: Standing
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether somebody may: as whom when yes, else ``against`` has every reason."""

    standing: Standing | None = None
    against: tuple[Refused, ...] = ()

    @property
    def permitted(self) -> bool:
        """Say whether the act is permitted."""
        return self.standing is not None


class Delegations:
    """Delegations in the database of people; every one is on record."""

    def __init__(
        self, organisation: Organisation, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        self._organisation = organisation
        self._clock = clock

    def lend(
        self, giver: str, delegate: str, unit: str, roles: Collection[RoleId], *,
        first: date, last: date, by: str,
    ) -> tuple[Delegation, frozenset[str]]:  # fmt: skip
        """Lend roles; return the delegation, and the acts that are not lent with them.

        Those are the acts the delegate may never do by a role of his or her own. ``by`` is
        the giver: nobody's office is lent for them.

        Raises:
            Refused: every reason at once; nothing is written.
        """
        lent = Delegation(
            id=f"d-{secrets.token_hex(4)}", giver=giver, delegate=delegate, unit=unit,
            roles=tuple(dict.fromkeys(roles)), first=first, last=last,
        )  # fmt: skip
        own = self._organisation.roles(delegate, unit, on=first)
        against = tuple(self._against(lent, by))
        with self._writing() as connection:
            refuse((*against, *_overlaps(connection, lent)))
            row = {**lent.model_dump(mode="json"), "roles": " ".join(lent.roles)}
            connection.execute(sa.insert(DELEGATION).values(row))
            self._note(connection, lent, by=by, act="role_lent")
        return lent, _kept_back(lent, own)

    def end(self, id_: str, *, by: str) -> None:
        """End a delegation at once; one that has not begun is struck out.

        Raises:
            NoSuchDelegation: there is none, or it is over.
            NotInCharge: ``by`` is neither giver, delegate, nor keeps the unit's people.
        """
        today = self._today()
        with self._writing() as connection:
            row = connection.execute(
                sa.select(DELEGATION).where(DELEGATION.c.id == id_)
            ).first()
            held = _delegation(row._asdict()) if row else None
            if held is None or held.returned_at or held.last < today:
                raise refusals.NoSuchDelegation(id_)
            if by != held.delegate:
                refuse(self._not_for(by, held))
            end_on(connection, held, today, at=self._clock())
            self._note(connection, held, by=by, act="role_returned")

    def of(self, person: str) -> tuple[Delegation, ...]:
        """Return what the person lent or was lent, past ones included, oldest first."""
        either = sa.or_(DELEGATION.c.giver == person, DELEGATION.c.delegate == person)
        query = sa.select(DELEGATION).where(either)
        query = query.order_by(DELEGATION.c.first, DELEGATION.c.id)
        with self._organisation.engine.connect() as connection:
            return tuple(_delegation(row._asdict()) for row in connection.execute(query))

    def places(self, person: str, *, on: date) -> Iterator[Place]:
        """Yield where ``person`` stands that day: by each own role, then by each lent one.

        A lent role reaches no unit below its own, and ends with the giver's own.
        """
        for own in self._organisation.memberships(person=person, on=on):
            standing = Standing(role=own.role)
            yield Place(unit=own.unit, standing=standing, below=ROW[own.role].below)
        yield from self._lent_to(person, on)

    def standings(self, person: str, unit: str, *, on: date) -> tuple[Standing, ...]:
        """Return every role ``person`` acts in towards ``unit`` that day, own ones first."""
        own = self._organisation.roles(person, unit, on=on)
        lent = (place.standing for place in self._lent_to(person, on) if place.unit == unit)
        return (*(Standing(role=role) for role in own), *lent)

    def may(
        self, person: str, act: str, unit: str, thing: Thing | None, *, on: date,
        by: str | None = None,
    ) -> Verdict:  # fmt: skip
        """Say whether ``person`` may do ``act`` in ``unit``, as whom, or every reason why not.

        An own role goes before a lent one; with ``by`` only roles in that name count.
        """
        standings = self.standings(person, unit, on=on)
        own = tuple(s.role for s in standings if s.giver is None)
        against: list[Refused] = []
        for standing in standings:
            if by not in (None, standing.giver or person):
                continue
            bars = own if heeds_all(act, standing.giver) else ()
            reasons = may(person, standing.role, act, thing, own=bars, giver=standing.giver)
            if not reasons:
                return Verdict(standing=standing)
            against += reasons
        return Verdict(against=tuple(against) or (refusals.NoRoleHere(person, unit),))

    def reach(self, person: str, acts: Iterable[str], *, on: date) -> frozenset[str]:
        """Return every unit where ``person`` may do one of ``acts`` that day, by role alone."""
        acts, units = tuple(acts), self._organisation.units()
        found: set[str] = set()
        for place in self.places(person, on=on):
            if any(self._may(person, place, act, on) for act in acts):
                found |= below(units, place.unit) if place.below else {place.unit}
        return frozenset(found)

    def _may(self, person: str, place: Place, act: str, on: date) -> bool:
        role, giver = place.standing.role, place.standing.giver
        heard = heeds_all(act, giver)
        own = self._organisation.roles(person, place.unit, on=on) if heard else ()
        return not may(person, role, act, None, own=own, giver=giver)

    def _lent_to(self, person: str, on: date) -> Iterator[Place]:
        for held in self.of(person):
            if held.delegate != person or not held.holds(on):
                continue
            for role in self._organisation.roles(held.giver, held.unit, on=on):
                if role in held.roles:
                    standing = Standing(role=role, giver=held.giver)
                    yield Place(unit=held.unit, standing=standing)

    def _against(self, lent: Delegation, by: str) -> Iterator[Refused]:
        today = self._today()
        if lent.giver == lent.delegate:
            yield refusals.NotToOneself(lent.giver)
        if self._organisation.person(lent.delegate) is None:
            yield refusals.NoSuchPerson(lent.delegate)
        if by != lent.giver:
            yield refusals.LentByGiverAlone(lent.giver)
        yield from _badly_dated(lent, today)
        for role in lent.roles:
            if ROW[role].personal:
                yield refusals.RoleIsPersonal(role)
            elif not self._held_throughout(lent, role):
                yield refusals.RoleNotHeld(lent.giver, role, lent.unit)

    def _held_throughout(self, lent: Delegation, role: RoleId) -> bool:
        spans = self._organisation.memberships(person=lent.giver)
        return role in self._organisation.roles(lent.giver, lent.unit, on=lent.first) and any(
            m.role == role and m.holds(lent.first) and m.holds(lent.last) for m in spans
        )

    def _not_for(self, by: str, lent: Delegation) -> Iterator[Refused]:
        return not_in_charge(self._organisation, by, lent.giver, lent.unit, on=self._today())

    def _note(self, connection: sa.Connection, held: Delegation, *, by: str, act: str) -> None:
        detail: dict[str, Any] = held.model_dump(mode="json", exclude={"giver", "returned_at"})
        note(connection, self._clock(), by=by, act=act, about=held.giver, **detail)

    def _today(self) -> date:
        return local_day(self._clock())

    def _writing(self) -> AbstractContextManager[sa.Connection]:
        return exclusive(self._organisation.engine, WRITE_LOCK)


def not_in_charge(
    organisation: Organisation, by: str, person: str, unit: str, *, on: date
) -> Iterator[Refused]:
    """Refuse unless ``by`` is the person or keeps the people of ``unit`` that day."""
    keeps = organisation.roles(by, unit, on=on)
    if by != person and not any("manage_people" in allowed(role) for role in keeps):
        yield refusals.NotInCharge(by, person)


def end_on(
    connection: sa.Connection, held: Delegation, day: date, *, at: datetime | None = None
) -> None:
    """Let a delegation end with ``day``, or ``at`` a moment of it; strike out a later one."""
    row = DELEGATION.c.id == held.id
    back = at.isoformat() if at else None
    if held.first > day:
        connection.execute(sa.delete(DELEGATION).where(row))
    elif back or held.last > day:
        ended = {"last": day.isoformat(), "returned_at": back}
        connection.execute(sa.update(DELEGATION).where(row).values(ended))


def _badly_dated(lent: Delegation, today: date) -> Iterator[Refused]:
    days = (lent.last - lent.first).days + 1
    if lent.last < lent.first:
        yield refusals.DatesReversed(lent.first.isoformat(), lent.last.isoformat())
    elif days > LONGEST_DAYS:
        yield refusals.DelegationTooLong(days, LONGEST_DAYS)
    if lent.first < today:
        yield refusals.InThePast(lent.first.isoformat(), today.isoformat())


def _kept_back(lent: Delegation, own: Collection[RoleId]) -> frozenset[str]:
    """Return the acts of the lent roles that the delegate may never do."""
    never = {act for role in own for act in barred(role)}
    return frozenset(act for role in lent.roles for act in allowed(role) if act in never)


def _overlaps(connection: sa.Connection, lent: Delegation) -> Iterator[Refused]:
    query = sa.select(DELEGATION).where(
        DELEGATION.c.giver == lent.giver, DELEGATION.c.unit == lent.unit,
        DELEGATION.c.returned_at.is_(None),
    )  # fmt: skip
    for row in connection.execute(query):
        held = _delegation(row._asdict())
        if held.first <= lent.last and lent.first <= held.last:
            for role in sorted(set(held.roles) & set(lent.roles)):
                yield refusals.DelegationOverlaps(role, held.id)


def _delegation(row: dict[str, Any]) -> Delegation:
    return Delegation.model_validate({**row, "roles": row["roles"].split()})
