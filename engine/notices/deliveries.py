"""The delivery ledger: which digest is due, begun, sent, failed or given up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from engine.ledger.alone import beside
from engine.ledger.database import exclusive, migrate
from engine.notices.collect import WRITE_LOCK
from engine.notices.digests import Digest, State, backoff, due_at
from engine.notices.letters import Letter
from engine.notices.tables import CALENDAR, DIGEST, LETTER, SCRIPTS

TRIES = 12
"""Attempts before a digest is given up, about 20 hours after the first."""

SEND_LOCK = 7_214_006
PENDING = ("collected", "sending", "failed")


class Deliveries:
    """Digests in the ledger's own database; every change is one short transaction."""

    def __init__(self, engine: sa.Engine, hour: time) -> None:
        self.engine = engine
        self._hour = hour
        migrate(engine, SCRIPTS, "notices_version")

    def digests(self, *, person: str | None = None, day: date | None = None) -> list[Digest]:
        """Return the digests of a person or a day, in the order they are sent."""
        query = _query()
        if person is not None:
            query = query.where(DIGEST.c.person == person)
        if day is not None:
            query = query.where(DIGEST.c.day == day.isoformat())
        return self._read(query)

    def pending(self) -> list[Digest]:
        """Return what is not sent and not given up, oldest first."""
        return self._read(_query().where(DIGEST.c.state.in_(PENDING)))

    def ready(self, digest: Digest, *, now: datetime, at_once: bool = False) -> bool:
        """Say whether ``digest`` may go out at wall time ``now``.

        A rehearsal is held to its own calendar, or goes ``at_once`` when that is asked.
        """
        if digest.state == "failed":
            return now >= datetime.fromisoformat(digest.next_try)
        if digest.state == "sending" or (at_once and digest.rehearsal):
            return True
        return now + self._shift(digest.rehearsal) >= due_at(digest.day, self._hour)

    def letters(self, key: str) -> list[Letter]:
        """Return the letters of a digest in the order of the ledger."""
        query = sa.select(LETTER.c.written).where(LETTER.c.digest == key)
        with self.engine.connect() as connection:
            rows = connection.scalars(query.order_by(LETTER.c.position, LETTER.c.key))
            return [Letter.model_validate_json(written) for written in rows]

    def begin(self, digest: Digest) -> bool:
        """Shut the digest before its delivery; False gives it up after ``TRIES``."""
        if digest.attempts >= TRIES:
            self._mark(digest.key, state="dead")
            return False
        self._mark(digest.key, state="sending", attempts=digest.attempts + 1)
        return True

    def sent(self, digest: Digest, *, now: datetime) -> None:
        """Note that the digest was delivered."""
        self._mark(digest.key, state="sent", error="", next_try="", sent_at=now.isoformat())

    def failed(self, digest: Digest, error: Exception, *, now: datetime) -> State:
        """Note the class of ``error`` and when to try again; return the new state."""
        attempts = digest.attempts + 1
        state: State = "failed" if attempts < TRIES else "dead"
        next_try = (now + backoff(attempts)).isoformat() if state == "failed" else ""
        said = type(error).__name__[:100]
        self._mark(digest.key, state=state, error=said, next_try=next_try)
        return state

    def retry(self, key: str, *, now: datetime) -> bool:
        """Let a failed or given-up digest go again at once; False when there is none."""
        row = sa.update(DIGEST).where(DIGEST.c.key == key)
        row = row.where(DIGEST.c.state.in_(("failed", "dead")))
        with exclusive(self.engine, WRITE_LOCK) as connection:
            again = row.values(state="failed", attempts=0, next_try=now.isoformat())
            return connection.execute(again).rowcount == 1

    def lock_file(self) -> Path | None:
        """Return where a SQLite database's senders exclude each other; else None."""
        return beside(self.engine, "notices")

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[Digest]:
        with self.engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [Digest.model_validate({k: r[k] for k in Digest.model_fields}) for r in rows]

    def _shift(self, rehearsal: str) -> timedelta:
        if not rehearsal:
            return timedelta(0)
        query = sa.select(CALENDAR.c.shift_s).where(CALENDAR.c.cycle == rehearsal)
        with self.engine.connect() as connection:
            return timedelta(seconds=connection.scalar(query) or 0)

    def _mark(self, key: str, **values: object) -> None:
        with exclusive(self.engine, WRITE_LOCK) as connection:
            connection.execute(sa.update(DIGEST).where(DIGEST.c.key == key).values(values))


def _query() -> sa.Select[tuple[object, ...]]:
    count = (
        sa.select(sa.func.count())
        .select_from(LETTER)
        .where(LETTER.c.digest == DIGEST.c.key)
        .scalar_subquery()
    )
    query = sa.select(DIGEST, count.label("letters"))
    return query.order_by(DIGEST.c.first, DIGEST.c.person)
