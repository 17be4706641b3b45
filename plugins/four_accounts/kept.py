"""The plugin's own memory: each event once, by its position in the ledger."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta, timezone
from pathlib import Path

from engine import Delivered

from .accounts import Account, Accounts, evolve

FILE = "accounts.db"
LOCAL = timezone(timedelta(hours=8))
TABLE = (
    "CREATE TABLE IF NOT EXISTS event"
    " (position INTEGER PRIMARY KEY, cycle TEXT, kind TEXT, day TEXT, data TEXT)"
)


def keep(folder: Path, cycle: str, event: Delivered) -> None:
    """Write the event down; one that comes again changes nothing."""
    day = event.at.astimezone(LOCAL).date().isoformat()
    row = (event.position, cycle, event.kind, day, json.dumps(event.data))
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute(TABLE)
        database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)", row)


def accounts(folder: Path) -> tuple[Account, ...]:
    """Return the accounts of the unit, by cycle and issue; none when nothing came yet."""
    if not (folder / FILE).exists():
        return ()
    found: Accounts = {}
    with closing(sqlite3.connect(folder / FILE)) as database:
        query = "SELECT cycle, kind, data, day FROM event ORDER BY position"
        for cycle, kind, data, day in database.execute(query):
            found = evolve(found, cycle, kind, json.loads(data), date.fromisoformat(day))
    return tuple(account for _, account in sorted(found.items()))
