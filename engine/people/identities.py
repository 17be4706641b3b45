"""Identities at other authorities, linked to accounts by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals, sessions
from engine.people.noted import note
from engine.people.tables import ACCOUNT, IDENTITY, WRITE_LOCK


class Identities:
    """Which subject of which issuer is whose account."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self.engine = engine
        self._clock = clock

    def link(self, person: str, issuer: str, subject: str, *, by: str) -> None:
        """Link an identity to the account of ``person``; linked already, nothing happens.

        Raises:
            NoSuchAccount: ``person`` has none.
            IdentityTaken: it is linked to somebody else.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            account = sa.select(ACCOUNT.c.person).where(ACCOUNT.c.person == person)
            if connection.scalar(account) is None:
                raise refusals.NoSuchAccount(person)
            holder = _holder(connection, issuer, subject)
            if holder is not None and holder != person:
                raise refusals.IdentityTaken(holder)
            if holder is None:
                row = {"issuer": issuer, "subject": subject, "person": person}
                connection.execute(sa.insert(IDENTITY).values(row))
                note(connection, self._clock(), by=by, act="identity_linked", about=person)

    def unlink(self, person: str, issuer: str, *, by: str) -> bool:
        """Remove the identities of ``person`` at ``issuer``; say whether there were any.

        What was signed in by an identity ends.
        """
        mine = sa.and_(IDENTITY.c.person == person, IDENTITY.c.issuer == issuer)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            gone = connection.execute(sa.delete(IDENTITY).where(mine)).rowcount > 0
            if gone:
                sessions.end_all(connection, person, method="oidc")
                note(connection, self._clock(), by=by, act="identity_unlinked", about=person)
            return gone

    def holder(self, issuer: str, subject: str) -> str | None:
        """Return whose identity it is, or None."""
        with self.engine.connect() as connection:
            return _holder(connection, issuer, subject)


def _holder(connection: sa.Connection, issuer: str, subject: str) -> str | None:
    query = sa.select(IDENTITY.c.person).where(
        IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject
    )
    found = connection.scalar(query)
    return None if found is None else str(found)
