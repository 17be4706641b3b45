"""What single cells of a sheet mean; each reader yields problems and returns the value."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import date
from typing import TypeAlias, TypeVar, cast, get_args

from engine.people.roles import GRANTED, RoleId
from engine.people.sheets import Problem, Row
from engine.people.titles import ROLES, TITLES
from engine.people.units import KIND, Kind
from engine.vault.door import is_id
from engine.vault.subjects import NAMES, OURS, is_ours

T = TypeVar("T")
Reading: TypeAlias = Generator[Problem, None, T]

TREE: Mapping[str, str] = {"unit": "单位", "kind": "类别", "name": "名称", "parent": "上级"}
PEOPLE: Mapping[str, str] = {
    "person": "人员",
    "name": "姓名",
    "unit": "单位",
    "role": "角色",
    "from": "起",
    "to": "止",
}
"""Each column in English and in Chinese; either heads it."""

DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
BETWEEN = re.compile(r"[;;、,,|\s]+")
_KINDS: Mapping[str, Kind] = {zh: kind for kind, zh in KIND.items()} | {
    kind: kind for kind in get_args(Kind)
}


def identifier(row: Row, column: str) -> Reading[str | None]:
    """Return the id in ``column``; a person's is none that the engine seals texts for."""
    cell = row.cells.get(column, "")
    if column == "person" and is_ours(cell):
        yield row.problem(
            column,
            f"编号不可以 {'、'.join(OURS)} 开头,也不可用 {'、'.join(NAMES)},那是系统自用的,"
            "请换一个",
            f"an id beginning with {' or '.join(OURS)}, or one of {', '.join(NAMES)}, is the "
            "engine's own: take another",
        )  # fmt: skip
        return None
    if is_id(cell):
        return cell
    yield row.problem(
        column, "须为编号:小写字母、数字、. _ -,不可用姓名",
        "an id is needed: lower-case letters, digits, . _ -, never a name",
    )  # fmt: skip
    return None


def kind_of(row: Row) -> Reading[Kind | None]:
    """Return the kind of a unit, written in either language."""
    kind = _KINDS.get(row.cells["kind"])
    if kind is None:
        yield row.problem(
            "kind", f"须为 {'、'.join(KIND.values())}", f"one of {', '.join(KIND)}"
        )
    return kind


def unit_name(row: Row) -> Reading[str | None]:
    """Return the name of a unit."""
    name = row.cells["name"]
    if 0 < len(name) <= 200:
        return name
    yield row.problem("name", "须填名称,不超过 200 字", "a name of at most 200 characters")
    return None


def roles_of(row: Row) -> Reading[tuple[RoleId, ...]]:
    """Return the roles of a cell, several parted by a semicolon or the like."""
    words = [word for word in BETWEEN.split(row.cells["role"]) if word]
    if not words or any(word not in ROLES for word in words):
        yield row.problem(
            "role", f"须为 {'、'.join(TITLES)};几个用分号隔开",
            f"one or more, parted by semicolons, of {', '.join(GRANTED)}",
        )  # fmt: skip
        return ()
    return tuple(dict.fromkeys(ROLES[word] for word in words))


def day(row: Row, column: str) -> Reading[date | None]:
    """Return the day in ``column``: 2021-07-30, 2021/7/30, 20210730 or 2021年7月30日."""
    match = DATE.fullmatch(row.cells.get(column, ""))
    try:
        if match:
            year, *rest = (cast("str", part) for part in match.groups() if part)
            return date(int(year), int(rest[0]), int(rest[1]))
    except ValueError:
        pass
    yield row.problem(column, "须为日期,如 2021-07-30", "a day is needed, such as 2021-07-30")
    return None
