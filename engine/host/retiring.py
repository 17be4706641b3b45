"""Read what a plugin wrote by the kept types alone, and say whether it can be retired."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.day import REHEARSALS
from engine.plan.kinds import EventType, misfit, upcast
from engine.record import Record
from engine.stored import Stored, stored


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
    counted: Counter[tuple[str, int, str]] = Counter()
    for unit in units(folder):
        for file in _files(folder / unit):
            try:
                counted.update(_amiss(folder.name, fact, types) for fact in stored(file))
            except sqlite3.DatabaseError:
                yield f"读不了 {file},请修复或移走 | cannot read {file}: mend or move it"
    for (kind, version, amiss), count in sorted(counted.items()):
        if amiss:
            zh, en = WHY.get(amiss, (f"字段不符 {amiss}", f"the fields do not fit: {amiss}"))
            yield (
                f"{kind} 第 {version} 版 {count} 条:{zh} | "
                f"{kind} version {version}, {count} facts: {en}"
            )


NO_TYPE, NO_WAY = "type", "way"
WHY = {
    NO_TYPE: (
        "台账没有存这种类型;请让插件用 register_event_types 登记,宿主加载一次之后再来",
        "no type is kept; let the plugin register it with register_event_types, let the host "
        "load it once, and come again",
    ),
    NO_WAY: (
        "台账只存有更早的版本;请让宿主加载一次新版插件之后再来",
        "only older versions are kept; let the host load the newer plugin once, and come again",
    ),
}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.db"))


def _amiss(plugin: str, fact: Stored, types: Mapping[str, EventType]) -> tuple[str, int, str]:
    """Return the fact's kind and version, and what is missing to read it, if anything."""
    kind = _full(plugin, fact.kind)
    known = types.get(kind)
    if known is None:
        return kind, fact.version, NO_TYPE
    if fact.version > known.version:
        return kind, fact.version, NO_WAY
    return kind, fact.version, ", ".join(sorted(misfit(known, fact.version, fact.data)))


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
