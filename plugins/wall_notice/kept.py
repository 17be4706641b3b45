"""The plugin's own memory: each event once, by its position in the ledger."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from engine import Delivered

from .wall import Wall, evolve

FILE = "wall.db"
TABLE = (
    "CREATE TABLE IF NOT EXISTS event"
    " (position INTEGER PRIMARY KEY, cycle TEXT, kind TEXT, data TEXT)"
)


def keep(folder: Path, cycle: str, event: Delivered) -> None:
    """Write the event down; one that comes again changes nothing."""
    row = (event.position, cycle, event.kind, json.dumps(event.data))
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute(TABLE)
        database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", row)


def wall(folder: Path) -> Wall:
    """Return the wall of the unit as its events left it; empty when none came yet."""
    if not (folder / FILE).exists():
        return {}
    found: Wall = {}
    with closing(sqlite3.connect(folder / FILE)) as database:
        query = "SELECT cycle, kind, data FROM event ORDER BY position"
        for cycle, kind, data in database.execute(query):
            found = evolve(found, cycle, kind, json.loads(data))
    return found
