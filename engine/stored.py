"""A file of facts on disk: one table that takes rows and gives none back.

Each row has the version its type had when it was written, so that whoever knows the types
can read the file, with the plugin or without it. A row of before that is of version 1.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from engine.private import new_file
from engine.record import Record

WAITS_S = 15
TABLES = ("fact", "event")
"""Where facts are: the second is that of passbooks begun before all had one table."""


class Stored(Record):
    """One fact as it was written: ``data`` is what a type of that ``version`` has."""

    position: int
    kind: str
    version: int
    data: dict[str, Any]


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that alone reads and writes ``path``; all is written, or nothing."""
    new_file(path)
    connected = sqlite3.connect(path, isolation_level=None, timeout=WAITS_S)
    with closing(connected) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def append_only(database: sqlite3.Connection, table: str) -> None:
    """Let ``table`` refuse to change a row or to lose one."""
    for name, change in (("no_change", "UPDATE"), ("no_removal", "DELETE")):
        database.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'what was written is only added to'); END"
        )


def ready(database: sqlite3.Connection, table: str) -> None:
    """Make ``table`` if there is none, and give an old one the column it lacks."""
    database.execute(
        f"CREATE TABLE IF NOT EXISTS {table} (position INTEGER PRIMARY KEY, key TEXT UNIQUE,"
        " kind TEXT, version INTEGER NOT NULL DEFAULT 1, data TEXT)"
    )
    if "version" not in _columns(database, table):
        database.execute(f"ALTER TABLE {table} ADD version INTEGER NOT NULL DEFAULT 1")
    append_only(database, table)


def rows(database: sqlite3.Connection, table: str) -> Iterator[Stored]:
    """Yield the facts of ``table`` in the order in which they came."""
    version = "version" if "version" in _columns(database, table) else "1"
    columns = f"position, kind, {version}, data"
    asked = f"SELECT {columns} FROM {table} ORDER BY position"  # noqa: S608  names of our own
    for position, kind, number, data in database.execute(asked):
        yield Stored(position=position, kind=kind, version=number, data=json.loads(data))


def knows(database: sqlite3.Connection, table: str, key: str | None) -> bool:
    """Say whether a fact of that ``key`` is in ``table``; without a key none is."""
    asked = f"SELECT 1 FROM {table} WHERE key = ?"  # noqa: S608  names of our own
    return key is not None and database.execute(asked, (key,)).fetchone() is not None


def insert(
    database: sqlite3.Connection, table: str, key: str | None, kind: str, version: int,
    data: str,
) -> None:  # fmt: skip
    """Add a fact to ``table``, behind all others."""
    values = "(key, kind, version, data) VALUES (?, ?, ?, ?)"
    database.execute(f"INSERT INTO {table} {values}", (key, kind, version, data))


def stored(path: Path, tables: Iterable[str] = TABLES) -> tuple[Stored, ...]:
    """Return the facts in ``path``, none when there is no such file; waits for nobody.

    Raises:
        sqlite3.DatabaseError: it is no database.
    """
    if not path.is_file():
        return ()
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=WAITS_S)) as database:
        there = [name for name in tables if {"kind", "data"} <= _columns(database, name)]
        return tuple(fact for name in there for fact in rows(database, name))


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")}
