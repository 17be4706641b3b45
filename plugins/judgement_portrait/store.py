"""The plugin's own memory: facts in the order they came, each key once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .facts import FACTS, PortraitFact
from .portraits import Branches, fold
from .rules import check

FILE = "portraits.db"
TABLE = (
    "CREATE TABLE IF NOT EXISTS fact"
    " (position INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT, data TEXT)"
)


def append(folder: Path, fact: PortraitFact, *, key: str | None = None) -> None:
    """Write ``fact`` down unless its ``key`` is there already.

    Raises:
        Refused: the fact may not be; nothing is written.
    """
    with _writing(folder) as database:
        check(_branches(database), fact)
        row = (key, type(fact).__name__, fact.model_dump_json())
        insert = "INSERT OR IGNORE INTO fact (key, kind, data) VALUES (?, ?, ?)"
        database.execute(insert, row)


def branches(folder: Path) -> Branches:
    """Return the portraits of the unit by cycle."""
    with _writing(folder) as database:
        return _branches(database)


@contextmanager
def _writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that alone writes until the block ends."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None, timeout=15)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            database.execute(TABLE)
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def _branches(database: sqlite3.Connection) -> Branches:
    rows = database.execute("SELECT kind, data FROM fact ORDER BY position")
    return fold(FACTS[kind].model_validate_json(data) for kind, data in rows)
