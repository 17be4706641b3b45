"""The passbook on disk: events in one table that takes rows and gives none back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from .book import Book, fold
from .commands import Command
from .decide import Events, decide
from .events import EVENTS

FILE = "passbook.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, kind TEXT, data TEXT
);
CREATE INDEX IF NOT EXISTS event_key ON event (key);
CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'a passbook is only added to'); END;
CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'a passbook is only added to'); END;
"""
KIND = {event: kind for kind, event in EVENTS.items()}


def read(folder: Path) -> Book:
    """Return the passbook in ``folder``; an empty one when there is none."""
    if not (folder / FILE).exists():
        return Book()
    with closing(sqlite3.connect(folder / FILE)) as database:
        return _book(database)


def write(folder: Path, command: Command, *, today: date, key: str = "") -> Events:
    """Decide ``command`` and write down what it causes, in one transaction.

    Args:
        folder: Where the passbook lies.
        command: What is asked.
        today: The day it is asked on.
        key: What was written under it before is not written again.

    Raises:
        FactRefused: the rules of the passbook do not allow it; nothing is written.
    """
    with _writing(folder) as database:
        known = database.execute("SELECT 1 FROM event WHERE key = ?", (key,)).fetchone()
        if key and known:
            return ()
        events = decide(_book(database), command, today=today)
        rows = [(key, KIND[type(event)], event.model_dump_json()) for event in events]
        database.executemany("INSERT INTO event (key, kind, data) VALUES (?, ?, ?)", rows)
        return events


@contextmanager
def _writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that alone writes until the block ends."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None, timeout=15)) as database:
        database.executescript(SCHEMA)
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def _book(database: sqlite3.Connection) -> Book:
    rows = database.execute("SELECT kind, data FROM event ORDER BY position")
    return fold(EVENTS[kind].model_validate_json(data) for kind, data in rows)
