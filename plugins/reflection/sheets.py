"""The answers on disk: no person, no hour, no order in which they came."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from engine import screened

from .refusals import NamesSomebody, NotOpen, TicketNotValid, TooFew

FILE = "reflection.db"
LOCAL = timezone(timedelta(hours=8))
OPEN_DAYS = 7
FEWEST = 5
MARKS = range(1, 6)
LONGEST_NOTE = 200
SCHEMA = """
CREATE TABLE IF NOT EXISTS meeting (cycle TEXT PRIMARY KEY, day TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ticket (cycle TEXT, hash TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sheet (
    id TEXT PRIMARY KEY, cycle TEXT, day TEXT, sweat INTEGER, warmth INTEGER, note TEXT
) WITHOUT ROWID;
"""
"""Sheets lie by a number drawn at random: how they lie says nothing about who came when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was said by ``answers`` people; marks are means of 1 to 5."""

    answers: int
    sweat: float
    warmth: float
    notes: tuple[str, ...]


def begin(folder: Path, cycle: str, *, day: date) -> None:
    """Open the reflection on the meeting of ``day``; again changes nothing."""
    with _writing(folder) as database:
        row = (cycle, day.isoformat())
        database.execute("INSERT OR IGNORE INTO meeting VALUES (?, ?)", row)


def tickets(folder: Path, cycle: str, count: int) -> tuple[str, ...]:
    """Return ``count`` new tickets to print, shuffle and give out; only hashes are kept.

    Raises:
        NotOpen: no meeting of that cycle was closed.
    """
    drawn = tuple(secrets.token_hex(4) for _ in range(count))
    with _writing(folder) as database:
        _opened(database, cycle)
        rows = [(cycle, _hash(cycle, ticket)) for ticket in drawn]
        database.executemany("INSERT INTO ticket VALUES (?, ?)", rows)
    return drawn


def answer(
    folder: Path, cycle: str, ticket: str, *, sweat: int, warmth: int, note: str = "",
    today: date,
) -> None:  # fmt: skip
    """Keep an answer and burn its ticket, together; nothing ties one to the other.

    Raises:
        FactRefused: the days are over, the ticket is used, or the note names somebody.
        ValueError: a mark is not 1 to 5, or the note is too long.
    """
    if sweat not in MARKS or warmth not in MARKS or len(note) > LONGEST_NOTE:
        raise ValueError(f"marks are 1 to 5, a note has at most {LONGEST_NOTE} characters")
    if any(screened({"note": note})):
        raise NamesSomebody
    with _writing(folder) as database:
        begun = _opened(database, cycle)
        if not begun <= today < begun + timedelta(days=OPEN_DAYS):
            raise NotOpen(cycle)
        burn = "DELETE FROM ticket WHERE cycle = ? AND hash = ?"
        if not database.execute(burn, (cycle, _hash(cycle, ticket))).rowcount:
            raise TicketNotValid
        row = (secrets.token_hex(16), cycle, today.isoformat(), sweat, warmth, note)
        database.execute("INSERT INTO sheet VALUES (?, ?, ?, ?, ?, ?)", row)


def result(folder: Path, cycle: str, *, today: date) -> Result:
    """Return what was said, once the days are over and enough have answered.

    Before that nobody sees anything: two looks, one answer apart, would show that answer.

    Raises:
        NotOpen: there was no meeting, or answers may still come.
        TooFew: fewer than five answers.
    """
    with _writing(folder) as database:
        if today < _opened(database, cycle) + timedelta(days=OPEN_DAYS):
            raise NotOpen(cycle)
        query = "SELECT sweat, warmth, note FROM sheet WHERE cycle = ?"
        rows = database.execute(query, (cycle,)).fetchall()
    if len(rows) < FEWEST:
        raise TooFew(FEWEST)
    return Result(
        answers=len(rows),
        sweat=round(sum(row[0] for row in rows) / len(rows), 1),
        warmth=round(sum(row[1] for row in rows) / len(rows), 1),
        notes=tuple(sorted(row[2] for row in rows if row[2])),
    )


def local_day(at: datetime) -> date:
    """Return the day in China."""
    return at.astimezone(LOCAL).date()


def _opened(database: sqlite3.Connection, cycle: str) -> date:
    found = database.execute("SELECT day FROM meeting WHERE cycle = ?", (cycle,)).fetchone()
    if found is None:
        raise NotOpen(cycle)
    return date.fromisoformat(found[0])


def _hash(cycle: str, ticket: str) -> str:
    return hashlib.sha256(f"{cycle}/{ticket}".encode()).hexdigest()


@contextmanager
def _writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection; what the block wrote is kept whole or not at all."""
    with closing(sqlite3.connect(folder / FILE, timeout=15)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.executescript(SCHEMA)
        with database:
            yield database
