"""Who belongs where and since when: the tree, the persons, their memberships."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypeAlias

import sqlalchemy as sa

from engine.bilingual import halves
from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals
from engine.people.noted import note
from engine.people.roles import GRANTED, ROW, RoleId
from engine.people.tables import MEMBERSHIP, PERSON, UNIT, WRITE_LOCK
from engine.people.units import Unit, line, problems
from engine.policy.calendar import local_day
from engine.record import Content, Id, Record
from engine.refusal import Refused, refuse


class Named(Record):
    """A person; the name is a reference into the vault, sealed under the person's key."""

    id: Id
    name: Content


class Membership(Record):
    """A role of a person in a unit, from ``first`` to ``last``, both days included."""

    person: Id
    unit: Id
    role: RoleId
    first: date
    last: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether it holds on that day."""
        return self.first <= on and (self.last is None or on <= self.last)


class Change(Record):
    """Units, persons and memberships to be written together or not at all."""

    units: tuple[Unit, ...] = ()
    persons: tuple[Named, ...] = ()
    memberships: tuple[Membership, ...] = ()


_Difference: TypeAlias = tuple[sa.Table, dict[str, Any] | None, dict[str, Any]]
"""A row of a change: its table, what the database has in its place, what it says."""


class Changed(Record):
    """How many rows are new, changed, or were the same already."""

    new: int = 0
    changed: int = 0
    same: int = 0


class Organisation:
    """The organisation in a database; every change is one transaction and on record."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self.engine = engine
        self._clock = clock

    def apply(self, change: Change, *, by: str, dry_run: bool = False) -> Changed:
        """Write ``change`` and return what it did; the same change again does nothing.

        A membership is known by person, unit, role and first day; its last day may move.

        Raises:
            Refused: every reason at once; nothing is written.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            refuse(_against(connection, change))
            rows = list(_differences(connection, change))
            done = Changed(
                new=sum(old is None for _, old, _ in rows),
                changed=sum(old is not None and old != new for _, old, new in rows),
                same=sum(old == new for _, old, new in rows),
            )
            if not dry_run and done.new + done.changed:
                for table, old, new in rows:
                    _write(connection, table, old, new)
                self._tell(connection, rows, by)
                counts = {"new": done.new, "changed": done.changed}
                note(connection, self._clock(), by=by, act="apply", about=by, **counts)
            return done

    def _tell(self, connection: sa.Connection, rows: Iterable[_Difference], by: str) -> None:
        """Put on the record of each person who was known which role began or ends otherwise."""
        rows = tuple(rows)
        fresh = {new["id"] for table, old, new in rows if table is PERSON and old is None}
        for table, old, new in rows:
            if table is MEMBERSHIP and old != new and new["person"] not in fresh:
                held = {key: new[key] for key in ("unit", "role", "first", "last")}
                who, now = new["person"], self._clock()
                note(connection, now, by=by, act="role_set", about=who, **held)

    def today(self) -> date:
        """Return the local day in China."""
        return local_day(self._clock())

    def units(self) -> dict[str, Unit]:
        """Return every unit by its id."""
        with self.engine.connect() as connection:
            return _units(connection)

    def has(self, unit: str) -> bool:
        """Say whether there is such a unit."""
        with self.engine.connect() as connection:
            found = connection.scalar(sa.select(UNIT.c.id).where(UNIT.c.id == unit))
        return found is not None

    def person(self, id_: str) -> Named | None:
        """Return the person of that id, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(PERSON).where(PERSON.c.id == id_)).first()
        return Named.model_validate(row._asdict()) if row else None

    def persons(self) -> tuple[Named, ...]:
        """Return every person, by id."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(PERSON).order_by(PERSON.c.id))
            return tuple(Named.model_validate(row._asdict()) for row in rows)

    def memberships(
        self, *, person: str | None = None, unit: str | None = None, on: date | None = None
    ) -> tuple[Membership, ...]:
        """Return memberships by person, by unit, and as of a day; all without any of them."""
        query = sa.select(MEMBERSHIP).order_by(
            MEMBERSHIP.c.unit, MEMBERSHIP.c.person, MEMBERSHIP.c.role, MEMBERSHIP.c.first
        )
        if person is not None:
            query = query.where(MEMBERSHIP.c.person == person)
        if unit is not None:
            query = query.where(MEMBERSHIP.c.unit == unit)
        with self.engine.connect() as connection:
            found = [_membership(row) for row in connection.execute(query)]
        return tuple(m for m in found if on is None or m.holds(on))

    def roles(self, person: str, unit: str, *, on: date) -> tuple[RoleId, ...]:
        """Return the roles ``person`` has towards ``unit`` that day, its own and from above.

        A role from above is one that reaches the units below its own.

        Raises:
            NoSuchUnit: there is no such unit.
        """
        units = self.units()
        if unit not in units:
            raise refusals.NoSuchUnit(unit)
        above = line(units, units[unit])
        return tuple(
            dict.fromkeys(
                m.role
                for m in self.memberships(person=person, on=on)
                if m.unit == unit or (m.unit in above and ROW[m.role].below)
            )
        )


def _against(connection: sa.Connection, change: Change) -> Iterator[Refused]:
    units = {**_units(connection), **{unit.id: unit for unit in change.units}}
    for unit, why in problems(units):
        zh, en = halves(why)
        yield refusals.UnitMisplaced(unit, zh, en)
    known = set(connection.scalars(sa.select(PERSON.c.id))) | {p.id for p in change.persons}
    for membership in change.memberships:
        yield from _unfit(membership, units, known)
    yield from _overlaps(connection, change.memberships)


def _unfit(m: Membership, units: Mapping[str, Unit], persons: set[str]) -> Iterator[Refused]:
    if m.unit not in units:
        yield refusals.NoSuchUnit(m.unit)
    if m.person not in persons:
        yield refusals.NoSuchPerson(m.person)
    if m.role not in GRANTED:
        yield refusals.NoSuchRole(m.role, GRANTED)
    if m.last is not None and m.last < m.first:
        yield refusals.DatesReversed(m.first.isoformat(), m.last.isoformat())


def _overlaps(
    connection: sa.Connection, memberships: Iterable[Membership]
) -> Iterator[Refused]:
    stored = (_membership(row) for row in connection.execute(sa.select(MEMBERSHIP)))
    for before, _ in overlapping((*stored, *memberships)):
        first = before.first.isoformat()
        yield refusals.MembershipOverlaps(before.person, before.unit, before.role, first)


def overlapping(memberships: Iterable[Membership]) -> Iterator[tuple[Membership, Membership]]:
    """Yield each two that would hold at once: same person, unit and role.

    Of two with the same first day the later in ``memberships`` counts: its last day moved.
    """
    spans: dict[tuple[str, str, str], dict[date, Membership]] = {}
    for m in memberships:
        spans.setdefault((m.person, m.unit, m.role), {})[m.first] = m
    for held in spans.values():
        for before, after in pairwise(held[first] for first in sorted(held)):
            if before.last is None or before.last >= after.first:
                yield before, after


def _differences(connection: sa.Connection, change: Change) -> Iterator[_Difference]:
    """Yield each row of ``change`` with what the database has in its place."""
    groups: tuple[tuple[sa.Table, tuple[Record, ...]], ...] = (
        (UNIT, change.units),
        (PERSON, change.persons),
        (MEMBERSHIP, change.memberships),
    )
    for table, records in groups:
        if not records:
            continue
        keys = [column.name for column in table.primary_key]
        stored = {
            tuple(row[key] for key in keys): dict(row)
            for row in connection.execute(sa.select(table)).mappings()
        }
        for record in records:
            new = record.model_dump(mode="json")
            yield table, stored.get(tuple(new[key] for key in keys)), new


def _write(
    connection: sa.Connection, table: sa.Table, old: dict[str, Any] | None, new: dict[str, Any]
) -> None:
    if old is None:
        connection.execute(sa.insert(table).values(new))
    elif old != new:
        keys = [column == new[column.name] for column in table.primary_key]
        connection.execute(sa.update(table).where(*keys).values(new))


def _units(connection: sa.Connection) -> dict[str, Unit]:
    rows = connection.execute(sa.select(UNIT).order_by(UNIT.c.id))
    return {row.id: Unit.model_validate(row._asdict()) for row in rows}


def _membership(row: sa.Row[Any]) -> Membership:
    return Membership.model_validate(row._asdict())
