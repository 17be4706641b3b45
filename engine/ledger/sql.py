"""The ledger in a database: SQLite for one machine, PostgreSQL at scale."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.ledger.chain import check
from engine.ledger.database import connect, exclusive, migrate
from engine.ledger.port import (
    GENESIS,
    EventCollisionError,
    ExpectedVersionError,
    Head,
    LedgerUnavailableError,
    Recorded,
    Verdict,
    chained,
    stored_bytes,
)
from engine.ledger.upcasts import upcast
from engine.record import EventEnvelope

WRITE_LOCK = 7_214_002
PAGE = 1_000
SCRIPTS = Path(__file__).parent / "migrations"

metadata = sa.MetaData()
EVENT = sa.Table(
    "event",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.String(400), unique=True),
    sa.Column("stream", sa.String(300)),
    sa.Column("version", sa.Integer),
    sa.Column("stored", sa.Text),
    sa.Column("hash", sa.String(64)),
    sa.Column("recorded_at", sa.String(40)),
)


def wall_clock() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the ledger notes when a row was written


def open_ledger(url: str) -> SqlLedger:
    """Return the ledger at ``url``, its schema brought up to date.

    Raises:
        LedgerUnavailableError: the database cannot be reached.
    """
    engine = connect(url)
    with _reachable():
        migrate(engine, SCRIPTS, "ledger_version")
    return SqlLedger(engine)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, sa.exc.InterfaceError) as error:
        raise LedgerUnavailableError(str(error.orig).strip()) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise LedgerUnavailableError(str(error.orig).strip()) from error
        raise


class SqlLedger:
    """Events in one table; the write lock gives positions without gaps."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self.engine = engine
        self._clock = clock

    def append(self, events: Sequence[EventEnvelope]) -> Head:
        """Write all of ``events`` or none, skipping those already written."""
        with _reachable(), exclusive(self.engine, WRITE_LOCK) as connection:
            head = _head(connection)
            for event in _unwritten(connection, events):
                head = self._write(connection, event, head)
            return head

    def _write(self, connection: sa.Connection, event: EventEnvelope, head: Head) -> Head:
        last = connection.scalar(
            sa.select(sa.func.max(EVENT.c.version)).where(EVENT.c.stream == event.stream)
        )
        if event.version != (last or 0) + 1:
            raise ExpectedVersionError(f"{event.event_id} does not follow version {last or 0}")
        stored = stored_bytes(event)
        after = Head(position=head.position + 1, hash=chained(head.hash, stored))
        connection.execute(
            sa.insert(EVENT).values(
                position=after.position, event_id=event.event_id, stream=event.stream,
                version=event.version, stored=stored, hash=after.hash,
                recorded_at=self._clock().isoformat(),
            )
        )  # fmt: skip
        return after

    def read(
        self,
        *,
        after: int = 0,
        limit: int = 500,
        stream: str | None = None,
        prefix: str | None = None,
    ) -> list[Recorded]:
        """Return up to ``limit`` events behind ``after``, lifted to today's schema."""
        query = sa.select(EVENT).where(EVENT.c.position > after).order_by(EVENT.c.position)
        if stream is not None:
            query = query.where(EVENT.c.stream == stream)
        if prefix is not None:
            query = query.where(_begins(self.engine.dialect.name, prefix))
        with _reachable(), self.engine.connect() as connection:
            return [_recorded(row) for row in connection.execute(query.limit(limit))]

    def head(self) -> Head:
        """Return the last position and its hash; position 0 when empty."""
        with _reachable(), self.engine.connect() as connection:
            return _head(connection)

    def verify(self, *, expected: Head | None = None) -> Verdict:
        """Recompute the chain over the bytes as they lie in the table, and their columns."""
        with _reachable(), self.engine.connect() as connection:
            query = sa.select(EVENT).order_by(EVENT.c.position)
            rows = connection.execute(query).yield_per(PAGE)
            seen = ((r.position, r.stored, r.hash, _agrees(r)) for r in rows)
            return check(seen, expected)


def _agrees(row: sa.Row[tuple[object, ...]]) -> bool:
    """Return whether the columns that queries go by say what the stored bytes say."""
    try:
        stored = json.loads(row.stored)
        stream, version = stored["stream"], stored["version"]
    except (ValueError, KeyError, TypeError):
        return False
    said = (f"{stream}@{version}", stream, version)
    return said == (row.event_id, row.stream, row.version)


def _begins(dialect: str, prefix: str) -> sa.ColumnElement[bool]:
    """Return the range of names that begin with ``prefix``, compared byte by byte.

    A range can use an index, and a pattern would read ``_`` as any letter.
    """
    stream = sa.collate(EVENT.c.stream, "C" if dialect == "postgresql" else "BINARY")
    return sa.and_(stream >= prefix, stream < prefix[:-1] + chr(ord(prefix[-1]) + 1))


def _head(connection: sa.Connection) -> Head:
    query = sa.select(EVENT.c.position, EVENT.c.hash).order_by(EVENT.c.position.desc())
    row = connection.execute(query.limit(1)).first()
    return Head(position=row.position, hash=row.hash) if row else Head(position=0, hash=GENESIS)


def _unwritten(
    connection: sa.Connection, events: Sequence[EventEnvelope]
) -> list[EventEnvelope]:
    """Return the events that are not there yet; refuse one that is there otherwise."""
    ids = [event.event_id for event in events]
    query = sa.select(EVENT.c.event_id, EVENT.c.stored).where(EVENT.c.event_id.in_(ids))
    written = {row.event_id: row.stored for row in connection.execute(query)}
    fresh: list[EventEnvelope] = []
    for event in events:
        stored = written.get(event.event_id)
        if stored is None:
            fresh.append(event)
            written[event.event_id] = stored_bytes(event)
        elif stored != stored_bytes(event):
            raise EventCollisionError(f"{event.event_id} is in the ledger with other content")
    return fresh


def _recorded(row: sa.Row[tuple[object, ...]]) -> Recorded:
    event = EventEnvelope.model_validate(json.loads(row.stored))
    return Recorded(
        position=row.position, event=upcast(event), hash=row.hash,
        recorded_at=datetime.fromisoformat(row.recorded_at),
    )  # fmt: skip
