"""Whom a roll-up names, and to whom: the tree of units decides. Pure. Source: domain P30.

A unit with overdue work is named to itself and to the unit directly above it, and to
nobody else. Somebody higher up sees it gathered with everything else that lies below the
same unit directly below the reader: their sum, how many units and cycles, no name of
either. One overdue unit there has all of them gathered: a list that leaves out one name
gives that name away. Where none is overdue they are named. What lies beside or above the
reader is not there at all.

A prefix chooses by names and must not single out what is gathered: it takes every unit of
the tree that belongs there, with or without a cycle, or none of them; else it is refused.
Overdue is what the counter ``overdue`` counts: past the deadline today, not handed in.

What the tree itself gives away it gives away: where only one unit lies below another, a sum
of one unit is that unit's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, TypeAlias

from engine.refusal import Refused, refuse
from engine.views.statistics import Child, RollUp, added

Tree: TypeAlias = Mapping[str, str | None]
"""Each unit to the one directly above it; None at the top."""

Under: TypeAlias = Mapping[str, str | None]
"""Each unit to what it is seen under: itself, a unit above it, or None when it is not seen."""

NOBODY = ""
"""Everything is under it when no reader is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A unit somebody stands in; ``below`` when the role reaches the units below it."""

    unit: str
    below: bool = False


@dataclass(eq=False)
class CutsThrough(Refused):
    """The prefix takes a part of the units that are shown as one sum."""

    units: str
    below: str
    zh: ClassVar[str] = (
        "{below} 以下有逾期,只合并列示,不能用 {units} 挑出一部分;"
        "请用 --all,或用能全部包含的前缀"
    )
    en: ClassVar[str] = (
        "below {below} work is overdue, so its units are one sum and {units} takes only a part "
        "of them; use --all or a prefix that takes them all"
    )


@dataclass(eq=False)
class ReaderNeeded(Refused):
    """Without a reader everything is one sum, of which the prefix takes a part."""

    units: str
    zh: ClassVar[str] = (
        "没有写明给谁看,只有全部单位的合计,不能用 {units} 挑出一部分;请写明 --reader,或用 --all"
    )
    en: ClassVar[str] = (
        "without a reader there is only the sum of all units and {units} takes a part of them; "
        "say as whom: --reader, or use --all"
    )


def shown(
    whole: RollUp, tree: Tree, seats: Iterable[Seat], *, reader: str, units: str = ""
) -> RollUp:
    """Return what ``reader`` may see of ``whole``; the total is the sum of just that.

    Args:
        whole: Every cycle, all of them named.
        tree: Every unit on record; a cycle of any other unit is below nobody.
        seats: Where the reader stands.
        reader: Opaque id, stated in the result.
        units: Prefix of the ids of the units to take.

    Raises:
        Refused: ``CutsThrough``, one for each unit below which the prefix takes a part.
    """
    reach: dict[str, bool] = {}
    for seat in seats:
        reach[seat.unit] = reach.get(seat.unit, False) or seat.below
    nearest = {unit: _nearest(tree, reach, unit) for unit in _every(whole, tree)}
    gathers = {
        head
        for child in whole.children
        if overdue(child) and (head := nearest[child.unit]) != child.unit
    }
    under = {u: u if head and head not in gathers else head for u, head in nearest.items()}
    return _seen(whole, under, units, reader)


def unnamed(whole: RollUp, tree: Tree, *, units: str = "") -> RollUp:
    """Return ``whole`` as one sum that names nobody: what is shown when no reader is named.

    Raises:
        ReaderNeeded: the prefix takes a part of the units.
    """
    return _seen(whole, dict.fromkeys(_every(whole, tree), NOBODY), units, None)


def overdue(child: Child) -> bool:
    """Say whether work of the cycle is overdue."""
    return child.tally.counts["overdue"] > 0


def _every(whole: RollUp, tree: Tree) -> set[str]:
    return {*tree, *(child.unit for child in whole.children)}


def _nearest(tree: Tree, reach: Mapping[str, bool], unit: str) -> str | None:
    """Return ``unit`` for itself and for whoever is directly above, else who lies between."""
    if unit in reach:
        return unit
    return next((here for here, above in pairwise(_up(tree, unit)) if reach.get(above)), None)


def _up(tree: Tree, unit: str) -> Iterator[str]:
    """Yield ``unit`` and those above it, nearest first; a circle ends it."""
    passed: set[str] = set()
    at: str | None = unit
    while at is not None and at not in passed:
        yield at
        passed.add(at)
        at = tree.get(at)


def _seen(whole: RollUp, under: Under, units: str, reader: str | None) -> RollUp:
    refuse(_cut(under, units))
    named: list[Child] = []
    gathered: dict[str, list[Child]] = {}
    for child in whole.children:
        head = under[child.unit]
        if head is None or not child.unit.startswith(units):
            continue
        (named if head == child.unit else gathered.setdefault(head, [])).append(child)
    return added(named, gathered, units=units, reader=reader)


def _cut(under: Under, units: str) -> Iterator[Refused]:
    """Yield a refusal for each sum of which the prefix takes a part."""
    taken: dict[str, set[bool]] = {}
    for unit, head in under.items():
        if head is not None and head != unit:
            taken.setdefault(head, set()).add(unit.startswith(units))
    for head in sorted(head for head, sides in taken.items() if len(sides) > 1):
        yield CutsThrough(units, head) if head != NOBODY else ReaderNeeded(units)
