"""Follow the ledger by position; letters and checkpoint change in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.port import Ledger, Recorded
from engine.notices.letters import Letter, cycle_of, letters
from engine.notices.tables import CALENDAR, CHECKPOINT, DIGEST, LETTER

WRITE_LOCK = 7_214_005
PAGE = 200
GLASS = "glass/"
"""Where break-glass is on record, also what somebody asked for in a rehearsal once."""


def collect(ledger: Ledger, engine: sa.Engine) -> int:
    """Put every new letter into a digest and return how many there were."""
    count = 0
    while ledger.head().position > _peeked(engine):
        with exclusive(engine, WRITE_LOCK) as connection:
            page = ledger.read(after=checkpoint(connection), limit=PAGE)
            count += _take(connection, page)
    return count


def checkpoint(connection: sa.Connection) -> int:
    """Return the position up to which letters were collected."""
    return connection.scalar(sa.select(CHECKPOINT.c.position)) or 0


def _peeked(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return checkpoint(connection)


def _take(connection: sa.Connection, page: Sequence[Recorded]) -> int:
    count = 0
    for recorded in page:
        _note_calendar(connection, recorded)
        rehearsal = _rehearsal(connection, recorded)
        for letter in letters(recorded):
            count += _put(connection, letter, rehearsal)
    if page:
        connection.execute(sa.delete(CHECKPOINT))
        connection.execute(sa.insert(CHECKPOINT).values(id=1, position=page[-1].position))
    return count


def _note_calendar(connection: sa.Connection, recorded: Recorded) -> None:
    """Keep how far a rehearsal's calendar is from the wall clock; others have no row."""
    cycle, data = cycle_of(recorded), recorded.event.data
    shift = data.get("clock_shift_s")
    if not isinstance(shift, int | float):
        return
    if recorded.event.kind == "CyclePlanned" and data.get("rehearsal") is True:
        connection.execute(sa.delete(CALENDAR).where(CALENDAR.c.cycle == cycle))
        connection.execute(sa.insert(CALENDAR).values(cycle=cycle, shift_s=shift))
    elif recorded.event.kind == "ClockAdvanced":
        row = sa.update(CALENDAR).where(CALENDAR.c.cycle == cycle)
        connection.execute(row.values(shift_s=shift))


def _rehearsal(connection: sa.Connection, recorded: Recorded) -> str:
    """Return the rehearsal an event is of, or nothing; a glass that is broken is no play."""
    if recorded.event.stream.startswith(GLASS):
        return ""
    found = sa.select(CALENDAR.c.cycle).where(CALENDAR.c.cycle == cycle_of(recorded))
    return connection.scalar(found) or ""


def _put(connection: sa.Connection, letter: Letter, rehearsal: str) -> int:
    """Add ``letter`` to its digest unless it was collected before; return 1 when added."""
    if connection.scalar(sa.select(LETTER.c.key).where(LETTER.c.key == letter.key)):
        return 0
    row = {
        "key": letter.key, "digest": _digest_for(connection, letter, rehearsal),
        "position": letter.position, "written": letter.model_dump_json(),
    }  # fmt: skip
    connection.execute(sa.insert(LETTER).values(row))
    return 1


def _digest_for(connection: sa.Connection, letter: Letter, rehearsal: str) -> str:
    """Return the digest the letter joins: of its day, or of the next day still open.

    Once a delivery was begun a digest is shut: the same key always has the same text.
    Days of a person never go back, so digests keep the order of the ledger.
    """
    mine = (DIGEST.c.person == letter.person) & (DIGEST.c.rehearsal == rehearsal)
    last = connection.execute(
        sa.select(DIGEST).where(mine).order_by(DIGEST.c.day.desc()).limit(1)
    ).first()
    day = letter.day
    if last is not None and last.day >= letter.day.isoformat():
        if last.state == "collected":
            return str(last.key)
        day = date.fromisoformat(last.day) + timedelta(days=1)
    return _begin(connection, letter, day, rehearsal)


def _begin(connection: sa.Connection, letter: Letter, day: date, rehearsal: str) -> str:
    key = f"{letter.person}/{day}" + (f"/{rehearsal}" if rehearsal else "")
    row = {
        "key": key, "person": letter.person, "day": day.isoformat(), "rehearsal": rehearsal,
        "first": letter.position, "state": "collected", "attempts": 0, "error": "",
        "next_try": "", "sent_at": "",
    }  # fmt: skip
    connection.execute(sa.insert(DIGEST).values(row))
    return key
