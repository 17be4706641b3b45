"""Answers while they come in: one sealed row a batch, sorted by names drawn at random."""

from __future__ import annotations

import json
import secrets
from datetime import date

import sqlalchemy as sa
from pydantic import TypeAdapter

from engine.ledger.database import exclusive
from engine.opinions.answers.batches import moved, open_batch
from engine.opinions.answers.tables import BODY, POOL, WRITE_LOCK
from engine.opinions.bare import put
from engine.opinions.refusals import BodyUnknown, NoFormLeft
from engine.record import Id, Record
from engine.vault.cipher import seal, unseal


class Entry(Record):
    """An answer as it came: from which body, on which day, what it says."""

    body: Id
    day: date
    text: str


Entries = dict[str, Entry]
_ENTRIES: TypeAdapter[Entries] = TypeAdapter(Entries)


class Pool:
    """Takes answers in and mixes them; each is on disk before a method returns."""

    def __init__(self, engine: sa.Engine, key: bytes) -> None:
        self.engine = engine
        self._key = key

    def keep(self, batch: str, entry: Entry, *, receipt: str) -> None:
        """Keep an answer under ``receipt``; the same receipt again replaces it.

        Raises:
            BatchNotOpen: answers are not taken any more.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            open_batch(connection, batch)
            entries = self._entries(connection, batch)
            self._write(connection, batch, {**entries, receipt: entry})

    def settle(self, batch: str, *, receipt: str) -> None:
        """Give the answer under ``receipt`` a name drawn at random: the receipt is gone."""
        with exclusive(self.engine, WRITE_LOCK) as connection:
            entries = self._entries(connection, batch)
            if entry := entries.pop(receipt, None):
                self._write(connection, batch, {**entries, _name(): entry})

    def enter(self, batch: str, entry: Entry) -> None:
        """Keep what the collector types in: a paper form, or an opinion of a forum.

        Raises:
            Refused: the batch is not open, or every paper form of the body is entered.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            asked = open_batch(connection, batch)
            found = next((b for b in asked.bodies if b.body == entry.body), None)
            if found is None:
                raise BodyUnknown(batch, entry.body)
            if asked.channel == "form" and found.entered >= found.paper:
                raise NoFormLeft(entry.body, found.paper)
            connection.execute(
                sa.update(BODY)
                .where(BODY.c.batch == batch, BODY.c.body == entry.body)
                .values(entered=found.entered + 1)
            )
            entries = self._entries(connection, batch)
            self._write(connection, batch, {**entries, _name(): entry})

    def shut(self, batch: str, *, today: date) -> None:
        """Take no more answers, and give each a new name drawn at random, in one step.

        Raises:
            BatchNotOpen: it was shut before.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            open_batch(connection, batch)
            entries = self._entries(connection, batch).values()
            self._write(connection, batch, {_name(): entry for entry in entries})
            moved(connection, batch, "shutting", shut_on=today)

    def entries(self, batch: str) -> Entries:
        """Return the answers by name."""
        with self.engine.connect() as connection:
            return self._entries(connection, batch)

    def _entries(self, connection: sa.Connection, batch: str) -> Entries:
        sealed = connection.scalar(sa.select(POOL.c.sealed).where(POOL.c.batch == batch))
        if sealed is None:
            return {}
        return _ENTRIES.validate_json(unseal(self._key, sealed, bound=f"pool|{batch}"))

    def _write(self, connection: sa.Connection, batch: str, entries: Entries) -> None:
        plain = {name: entries[name].model_dump(mode="json") for name in sorted(entries)}
        sealed = seal(self._key, json.dumps(plain).encode(), bound=f"pool|{batch}")
        put(connection, POOL, batch, sealed=sealed)


def _name() -> str:
    return secrets.token_hex(16)
