"""Read what a plugin wrote by the kept types alone, and say whether it can be retired."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from engine.day import REHEARSALS
from engine.plan.kinds import EventType, misfit, upcast
from engine.record import Record
from engine.stored import Stored, stored

Why: TypeAlias = tuple[str, str]
"""Why a fact cannot be read without its plugin, in Chinese and in English."""

NO_TYPE: Why = (
    "台账没有存这种类型;请让插件用 register_event_types 登记,宿主加载一次之后再来",
    "no type is kept; let the plugin register it with register_event_types, let the host "
    "load it once, and come again",
)
NO_WAY: Why = (
    "台账只存有更早的版本;请让宿主加载一次新版插件之后再来",
    "only older versions are kept; let the host load the newer plugin once, and come again",
)


class Fact(Record):
    """A fact of a plugin as the newest version of its type has it.

    ``written`` is the version it was written in. One of no kept type has the data it was
    written with, and ``read_as`` 0.
    """

    unit: str
    number: int
    kind: str
    written: int
    read_as: int
    data: dict[str, Any]


def facts(folder: Path, unit: str, types: Mapping[str, EventType]) -> tuple[Fact, ...]:
    """Return what ``folder``, a plugin's own, holds of ``unit``; imports nothing."""
    return tuple(
        _read(folder.name, unit, fact, types)
        for file in _files(folder / unit)
        for fact in stored(file)
    )


def units(folder: Path) -> tuple[str, ...]:
    """Return the units of which the plugin's ``folder`` holds anything; no rehearsal."""
    if not folder.is_dir():
        return ()
    places = (place.name for place in folder.iterdir() if place.is_dir())
    return tuple(sorted(unit for unit in places if unit != REHEARSALS))


def unreadable(folder: Path, types: Mapping[str, EventType]) -> Iterator[str]:
    """Yield, ``zh | en``, which facts in ``folder`` could not be read without the plugin."""
    counted: Counter[tuple[str, int, Why]] = Counter()
    for unit in units(folder):
        for file in _files(folder / unit):
            try:
                for fact in stored(file):
                    kind = _full(folder.name, fact.kind)
                    if why := _amiss(fact, types.get(kind)):
                        counted[kind, fact.version, why] += 1
            except sqlite3.DatabaseError:
                yield f"读不了 {file},请修复或移走 | cannot read {file}: mend or move it"
    for (kind, version, (zh, en)), count in sorted(counted.items()):
        yield (
            f"{kind} 第 {version} 版 {count} 条:{zh} | "
            f"{kind} version {version}, {count} facts: {en}"
        )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.db"))


def _amiss(fact: Stored, known: EventType | None) -> Why | None:
    """Return what is missing to read the fact by its ``known`` type, if anything."""
    if known is None:
        return NO_TYPE
    if fact.version > known.version:
        return NO_WAY
    fields = ", ".join(sorted(misfit(known, fact.version, fact.data)))
    return (f"字段不符 {fields}", f"the fields do not fit: {fields}") if fields else None


def _read(plugin: str, unit: str, fact: Stored, types: Mapping[str, EventType]) -> Fact:
    kind = _full(plugin, fact.kind)
    known = types.get(kind)
    return Fact(
        unit=unit, number=fact.position, kind=kind, written=fact.version,
        read_as=max(known.version, fact.version) if known else 0,
        data=upcast(known, fact.version, fact.data) if known else fact.data,
    )  # fmt: skip


def _full(plugin: str, kind: str) -> str:
    """Return the kind as it is registered: a plugin's own file may leave out its id."""
    return kind if "." in kind else f"{plugin}.{kind}"
