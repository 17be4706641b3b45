"""Answers once the batch is shut: rows that lie in an order drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.opinions.answers.batches import moved
from engine.opinions.answers.pool import Entry
from engine.opinions.answers.tables import ANSWER, POOL, WRITE_LOCK
from engine.opinions.batch import Standing
from engine.record import Content, Id, Record


class Answer(Record):
    """An answer to be coded; ``original`` opens in the vault, a blank form has none."""

    id: str
    batch: Id
    body: Id
    day: date
    original: Content | None
    standing: Standing


class Answers:
    """Keeps shuffled answers and what was found of each."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def lay_out(
        self, batch: str, entries: Mapping[str, Entry], sealed: Mapping[str, str]
    ) -> None:
        """Replace the pool by rows, sorted by their random names; coding begins."""
        with exclusive(self.engine, WRITE_LOCK) as connection:
            for name in sorted(entries):
                row = {
                    "id": name, "batch": batch, "body": entries[name].body,
                    "day": entries[name].day.isoformat(), "original": sealed.get(name),
                    "standing": "uncoded" if name in sealed else "blank",
                }  # fmt: skip
                connection.execute(sa.insert(ANSWER).values(row))
            connection.execute(sa.delete(POOL).where(POOL.c.batch == batch))
            moved(connection, batch, "coding")

    def of(self, batch: str) -> tuple[Answer, ...]:
        """Return every answer of a batch, in the order of their random names."""
        query = sa.select(ANSWER).where(ANSWER.c.batch == batch).order_by(ANSWER.c.id)
        with self.engine.connect() as connection:
            return tuple(Answer.model_validate(r._mapping) for r in connection.execute(query))

    def get(self, answer: str) -> Answer | None:
        """Return one answer, if there is one of that name."""
        query = sa.select(ANSWER).where(ANSWER.c.id == answer)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return Answer.model_validate(row._mapping) if row else None
