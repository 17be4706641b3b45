"""The record of what was done to people and runs: who, when, about whom.

Ids, days and counts; of a run why it was ended, which names nobody.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime, Field

from engine.ledger.database import exclusive
from engine.people.tables import RECORD, WRITE_LOCK
from engine.record import Id, Record, canonical_json


class Noted(Record):
    """One line of the record."""

    at: AwareDatetime
    by: Id
    act: str
    about: Id
    detail: dict[str, Any] = Field(default_factory=dict)


def note(
    connection: sa.Connection, at: datetime, *, by: str, act: str, about: str, **fields: Any
) -> None:
    """Put an act on record in the transaction that carries it out."""
    noted = Noted(at=at, by=by, act=act, about=about, detail=fields)
    row = {**noted.model_dump(mode="json"), "detail": canonical_json(fields)}
    connection.execute(sa.insert(RECORD).values(row))


def on_record(
    engine: sa.Engine, at: datetime, *, by: str, act: str, about: str, **fields: Any
) -> None:
    """Put an act on record in a transaction of its own."""
    with exclusive(engine, WRITE_LOCK) as connection:
        note(connection, at, by=by, act=act, about=about, **fields)


def recorded(
    engine: sa.Engine, about: str | None = None, *, by: str | None = None
) -> tuple[Noted, ...]:
    """Return what was done, oldest first; all of it, or about one person, or by one."""
    query = sa.select(RECORD).order_by(RECORD.c.number)
    if about is not None:
        query = query.where(RECORD.c.about == about)
    if by is not None:
        query = query.where(RECORD.c.by == by)
    with engine.connect() as connection:
        return tuple(
            Noted(
                at=datetime.fromisoformat(row.at), by=row.by, act=row.act, about=row.about,
                detail=json.loads(row.detail),
            )
            for row in connection.execute(query)
        )  # fmt: skip
