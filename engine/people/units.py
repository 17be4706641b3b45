"""The tree of units: what may stand below what, and what is wrong with a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import StringConstraints

from engine.record import Id, Record

Kind: TypeAlias = Literal["province", "city", "county", "body", "enterprise", "branch"]
UnitName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]

KIND: Mapping[Kind, str] = {
    "province": "省",
    "city": "市",
    "county": "县",
    "body": "党组织",
    "enterprise": "企业",
    "branch": "支部",
}
"""Each kind in Chinese; a body is a 党(工)委 or 党组 above branches."""

ABOVE: Mapping[Kind, tuple[Kind, ...]] = {
    "province": (),
    "city": ("province",),
    "county": ("province", "city"),
    "body": ("province", "city", "county", "body", "enterprise"),
    "enterprise": ("province", "city", "county", "body", "enterprise"),
    "branch": ("province", "city", "county", "body", "enterprise"),
}
"""What each kind may stand below; any of them may also be the top of a tree."""


class Unit(Record):
    """A unit of the organisation; ``parent`` is None at the top. Its name is no secret."""

    id: Id
    kind: Kind
    name: UnitName
    parent: Id | None = None


def problems(units: Mapping[str, Unit]) -> Iterator[tuple[str, str]]:
    """Yield each unit whose place is wrong, with why and what to do (``zh | en``)."""
    for unit in units.values():
        if unit.parent is None:
            continue
        above = units.get(unit.parent)
        if above is None:
            yield unit.id, f"没有上级 {unit.parent},请先列出它 | no unit {unit.parent}: list it"
        elif unit.id in line(units, above):
            yield unit.id, f"上级绕了一圈:{unit.parent} | goes round in a circle: {unit.parent}"
        elif above.kind not in ABOVE[unit.kind]:
            allowed = ABOVE[unit.kind]
            yield (
                unit.id,
                (
                    f"{KIND[unit.kind]}不能在{KIND[above.kind]}之下,"
                    f"可在:{'、'.join(KIND[k] for k in allowed) or '无(只能在最上)'} | "
                    f"a {unit.kind} does not stand below a {above.kind}; "
                    f"below: {', '.join(allowed) or 'none, it is a top'}"
                ),
            )


def line(units: Mapping[str, Unit], unit: Unit) -> tuple[str, ...]:
    """Return ``unit`` and every unit above it, nearest first; a circle ends the line."""
    found = [unit.id]
    while (parent := units.get(unit.parent or "")) and parent.id not in found:
        found.append(parent.id)
        unit = parent
    return tuple(found)


def below(units: Mapping[str, Unit], top: str) -> frozenset[str]:
    """Return ``top`` and every unit below it."""
    children: dict[str | None, list[str]] = {}
    for unit in units.values():
        children.setdefault(unit.parent, []).append(unit.id)
    found, ahead = {top}, [top]
    while ahead:
        nearer = [child for child in children.get(ahead.pop(), ()) if child not in found]
        found.update(nearer)
        ahead += nearer
    return frozenset(found)
