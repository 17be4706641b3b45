"""Take the tree and the people from two sheets: every row's problems at once, or all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from engine.bilingual import halves
from engine.people.appointing import newcomers
from engine.people.cells import (
    PEOPLE as PEOPLE_COLUMNS,
    TREE,
    day,
    identifier,
    kind_of,
    roles_of,
    unit_name,
)
from engine.people.organisation import (
    Change,
    Changed,
    Membership,
    Named,
    Organisation,
    overlapping,
)
from engine.people.sheets import Problem, Row, SheetsRefusedError, read
from engine.people.units import Unit, line, problems as misplaced
from engine.record import Record
from engine.refusal import Refused
from engine.vault.port import Vault, VaultError

Touched: TypeAlias = frozenset[str | None]
"""Units on record; None for the place above all of them."""
Checks: TypeAlias = Callable[
    [tuple[Membership, ...], Mapping[str, Unit]], Iterable[tuple[Membership, Refused]]
]
"""Says of roles that are new or end otherwise, and the units as they will be, what is wrong."""


class Imported(Record):
    """What the sheets hold, and what taking them changed or would change."""

    units: int
    persons: int
    memberships: int
    done: Changed


@dataclass
class Draft:
    """What the rows say so far, each thing with the row it stands in."""

    units: dict[str, tuple[Unit, Row]] = field(default_factory=dict)
    names: dict[str, tuple[str, Row]] = field(default_factory=dict)
    persons: dict[str, Row] = field(default_factory=dict)
    places: list[tuple[str, Row]] = field(default_factory=list)
    memberships: list[tuple[Membership, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    """The sheets of which some row could not be read."""


def take(
    organisation: Organisation, vault: Vault, tree: Path, people: Path | None, *, by: str,
    dry_run: bool = False, allow: Callable[[Touched], None] = lambda _: None,
    checks: Callable[[], Iterable[Checks]] = tuple,
) -> Imported:  # fmt: skip
    """Import the sheets, or only say what that would change; a second time changes nothing.

    Names go into the vault, each under its person's key. A dry run seals nothing, so it
    takes the names of persons already known for unchanged. ``allow`` is told which units on
    record the sheets are about, before what is on record is told or anything sealed, and
    may raise; what ``checks`` find wrong is told with its row.

    Raises:
        SheetsRefusedError: every problem of every row; nothing is written.
    """
    draft = _drafted(tree, people)
    known = {p.id: p for p in organisation.persons()}
    draft.problems += (
        *_tree_problems(draft, organisation),
        *_people_problems(draft, organisation, set(known)),
    )
    changed = _changed(draft, organisation)
    allow(_touched(draft, organisation, changed))
    draft.problems += _checked(draft, organisation, changed, checks())
    if draft.problems:
        raise SheetsRefusedError(sorted(set(draft.problems)))
    names = _placeholders(draft, known) if dry_run else _sealed(draft, vault, by)
    change = Change(
        units=tuple(unit for unit, _ in draft.units.values()),
        persons=names,
        memberships=tuple(membership for membership, _ in draft.memberships),
    )
    return Imported(
        units=len(change.units),
        persons=len(draft.persons),
        memberships=len(change.memberships),
        done=organisation.apply(change, by=by, dry_run=dry_run),
    )


def _touched(
    draft: Draft, organisation: Organisation, changed: tuple[Membership, ...]
) -> Touched:
    """Return every unit on record whose people or place the sheets are about.

    A unit that is new stands for the nearest one above it, None when there is none, and so
    does one that is nowhere. One that moves is about both units it stands below, None for
    a top; one that gets somebody of another unit is about that one.
    """
    known, every = organisation.units(), _units(draft, organisation)
    places = {unit for unit, _ in draft.places} | draft.units.keys()
    places |= {unit.parent for unit, _ in draft.units.values() if unit.parent}
    places |= {m.unit for m in organisation.memberships() if m.person in draft.names}
    places |= newcomers(changed, organisation, organisation.today())
    above = (line(every, every[place]) if place in every else () for place in places)
    found: set[str | None] = {next((u for u in units if u in known), None) for units in above}
    for unit, was in known.items():
        if was.parent != every[unit].parent:
            found |= {was.parent, every[unit].parent}
    return frozenset(found)


def _units(draft: Draft, organisation: Organisation) -> dict[str, Unit]:
    """Return the tree as the sheets make it."""
    return {**organisation.units(), **{id_: unit for id_, (unit, _) in draft.units.items()}}


def _changed(draft: Draft, organisation: Organisation) -> tuple[Membership, ...]:
    """Return the memberships of the sheets that are not on record as they stand there."""
    stored = set(organisation.memberships())
    return tuple(m for m, _ in draft.memberships if m not in stored)


def _checked(
    draft: Draft, organisation: Organisation, changed: tuple[Membership, ...],
    checks: Iterable[Checks],
) -> Iterator[Problem]:  # fmt: skip
    rows, units = dict(draft.memberships), _units(draft, organisation)
    for check in checks:
        for membership, why in check(changed, units):
            zh, en = why.sentence("zh"), why.sentence("en")
            yield rows[membership].problem("to" if membership.last else "role", zh, en)


def _drafted(tree: Path, people: Path | None) -> Draft:
    """Return what both sheets say, with what is wrong in the rows of people.

    Raises:
        SheetsRefusedError: a row of the tree cannot be read; with what is wrong in every other
            row, but not with what may be wrong only because that one is missing.
    """
    draft = Draft()
    for path, columns, needed, take_row in (
        (tree, TREE, ("unit", "kind", "name"), _unit_row),
        (people, PEOPLE_COLUMNS, ("person", "name", "unit", "role", "from"), _person_row),
    ):
        if path is None:
            continue
        try:
            rows, wrong = read(path, columns, needed)
        except SheetsRefusedError as refused:
            rows, wrong = [], refused.problems
        draft.problems += wrong
        if wrong:
            draft.unread.add(path)
        for row in rows:
            draft.problems += take_row(draft, row)
    if tree in draft.unread:
        raise SheetsRefusedError(sorted(set(draft.problems)))
    return draft


def _unit_row(draft: Draft, row: Row) -> Iterator[Problem]:
    id_ = yield from identifier(row, "unit")
    kind = yield from kind_of(row)
    name = yield from unit_name(row)
    parent = (yield from identifier(row, "parent")) if row.cells.get("parent") else None
    if id_ in draft.units:
        first = draft.units[id_][1].number
        yield row.problem(
            "unit", f"与第 {first} 行重复,请删去一行", f"the same as row {first}: delete one"
        )
    elif id_ and kind and name:
        draft.units[id_] = (Unit(id=id_, kind=kind, name=name, parent=parent), row)


def _person_row(draft: Draft, row: Row) -> Iterator[Problem]:
    person = yield from identifier(row, "person")
    unit = yield from identifier(row, "unit")
    held = yield from roles_of(row)
    first = yield from day(row, "from")
    last = (yield from day(row, "to")) if row.cells.get("to") else None
    if person:
        draft.persons.setdefault(person, row)
        yield from _name(draft, row, person)
    if unit:
        draft.places.append((unit, row))
    if first and last and last < first:
        yield row.problem("to", "止期早于起期", "ends before it begins")
    elif person and unit and first:
        draft.memberships += [
            (Membership(person=person, unit=unit, role=role, first=first, last=last), row)
            for role in held
        ]


def _name(draft: Draft, row: Row, person: str) -> Iterator[Problem]:
    name = row.cells["name"]
    if not name:
        return
    said, first = draft.names.setdefault(person, (name, row))
    if said != name:
        yield row.problem(
            "name", f"同一编号,姓名与第 {first.number} 行不同",
            f"the same id, but the name differs from row {first.number}",
        )  # fmt: skip


def _tree_problems(draft: Draft, organisation: Organisation) -> Iterator[Problem]:
    for id_, why in misplaced(_units(draft, organisation)):
        if id_ in draft.units:
            zh, en = halves(why)
            yield draft.units[id_][1].problem("parent", zh, en)


def _people_problems(
    draft: Draft, organisation: Organisation, known: set[str]
) -> Iterator[Problem]:
    for person, row in draft.persons.items():
        if not draft.unread and person not in known and person not in draft.names:
            yield row.problem("name", "新人员须填姓名", "a new person needs a name")
    units = organisation.units().keys() | draft.units.keys()
    for unit, row in draft.places:
        if unit not in units:
            yield row.problem(
                "unit", "没有这个单位,请先列入机构表", "no such unit: list it in the tree"
            )
    yield from _twice(draft, organisation)


def _twice(draft: Draft, organisation: Organisation) -> Iterator[Problem]:
    """Yield each row whose role the person holds already at that time."""
    rows: dict[Membership, Row] = {}
    for membership, row in draft.memberships:
        if membership in rows:
            yield row.problem(
                "role", f"与第 {rows[membership].number} 行重复,请删去一行",
                f"the same as row {rows[membership].number}: delete one",
            )  # fmt: skip
        rows.setdefault(membership, row)
    for before, after in overlapping((*organisation.memberships(), *rows)):
        if blamed := rows.get(after) or rows.get(before):
            yield blamed.problem(
                "from", f"自 {before.first} 起已任此职,先写明止期",
                f"holds this role since {before.first} already: end that first",
            )  # fmt: skip


def _sealed(draft: Draft, vault: Vault, by: str) -> tuple[Named, ...]:
    """Return every person named in the sheets, the name sealed; the same name, the same seal.

    Raises:
        SheetsRefusedError: the vault takes no more for some persons.
    """
    found, refused = [], []
    for person, (name, row) in draft.names.items():
        try:
            sealed = vault.seal(name, subject=person, by=by, key=f"name|{name}")
            found.append(Named(id=person, name=sealed))
        except VaultError as error:
            zh, en = halves(str(error))
            refused.append(row.problem("name", zh, en))
    if refused:
        raise SheetsRefusedError(refused)
    return tuple(found)


def _placeholders(draft: Draft, known: dict[str, Named]) -> tuple[Named, ...]:
    nobody = f"sealed:{'0' * 32}:{'0' * 64}"
    return tuple(known.get(p) or Named(id=p, name=nobody) for p in draft.names)
