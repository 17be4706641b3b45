"""The plugin's own memory: facts in the order they came, each key once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .facts import FACTS, ForumFact, PeoplesFact
from .forums import Intakes, fold
from .rules import check

FILE = "forums.db"
TABLE = (
    "CREATE TABLE IF NOT EXISTS fact"
    " (position INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT, data TEXT)"
)


def ask(folder: Path, fact: PeoplesFact) -> None:
    """Write down what a person asks.

    Raises:
        Refused: it may not be; nothing is written.
    """
    with _writing(folder) as database:
        check(_intakes(database), fact)
        _insert(database, fact, None)


def note(folder: Path, fact: ForumFact, *, key: str) -> None:
    """Write down what the ledger says, unless its ``key`` is there already."""
    with _writing(folder) as database:
        _insert(database, fact, key)


def intakes(folder: Path) -> Intakes:
    """Return the forums of the unit by cycle."""
    with _writing(folder) as database:
        return _intakes(database)


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


def _insert(database: sqlite3.Connection, fact: ForumFact, key: str | None) -> None:
    row = (key, type(fact).__name__, fact.model_dump_json())
    database.execute("INSERT OR IGNORE INTO fact (key, kind, data) VALUES (?, ?, ?)", row)


def _intakes(database: sqlite3.Connection) -> Intakes:
    rows = database.execute("SELECT kind, data FROM fact ORDER BY position")
    return fold(FACTS[kind].model_validate_json(data) for kind, data in rows)
