"""The audit of readings: one row an attempt, append-only, in a hash chain of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.ledger.chain import check
from engine.ledger.port import GENESIS, Head, Verdict, chained
from engine.record import canonical_json
from engine.vault.port import Read
from engine.vault.schema import READ

SAID = ("content", "subject", "reader", "purpose", "at", "outcome", "glass")
"""The columns a row says; number and hash vouch for them."""


def row_of(read: Read) -> dict[str, Any]:
    """Return the columns of a reading; rows older than the chain come out the same."""
    return {**read.model_dump(mode="json"), "at": read.at.isoformat()}


def stored(row: dict[str, Any]) -> str:
    """Return what is hashed of a row."""
    return canonical_json({name: row[name] for name in SAID})


def note(connection: sa.Connection, read: Read) -> None:
    """Write a reading down behind the last one, in the transaction that carries it out."""
    last = head(connection)
    row = row_of(read)
    linked = {"number": last.position + 1, "hash": chained(last.hash, stored(row))}
    connection.execute(sa.insert(READ).values({**row, **linked}))


def head(connection: sa.Connection) -> Head:
    """Return where the audit stands."""
    query = sa.select(READ.c.number, READ.c.hash).order_by(READ.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return Head(position=row.number, hash=row.hash) if row else Head(position=0, hash=GENESIS)


def reads(connection: sa.Connection, subject: str | None) -> list[Read]:
    """Return every attempt, or those on one subject's content, oldest first."""
    query = sa.select(READ).order_by(READ.c.number)
    if subject is not None:
        query = query.where(READ.c.subject == subject)
    return [
        Read.model_validate(
            {name: getattr(row, name) for name in SAID} | {"at": datetime.fromisoformat(row.at)}
        )
        for row in connection.execute(query)
    ]


def verify(connection: sa.Connection, expected: Head | None = None) -> Verdict:
    """Recompute the chain; ``expected`` is a head noted earlier, and tells of a cut tail."""
    rows = connection.execute(sa.select(READ).order_by(READ.c.number)).mappings()
    return check(((r["number"], stored(dict(r)), r["hash"], True) for r in rows), expected)
