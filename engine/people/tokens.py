"""API tokens: for a program that acts for a person, within scopes and until a day."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals
from engine.people.acts import READING, WORK
from engine.people.noted import note
from engine.people.roles import ACTS, COMMANDS
from engine.people.sessions import hashed
from engine.people.tables import ACCOUNT, TOKEN, WRITE_LOCK
from engine.policy.calendar import local_day
from engine.record import Record
from engine.refusal import refuse

LONGEST_DAYS = 366
MARK = "tz"
GROUPS = {"read": frozenset(READING), "act": frozenset((*COMMANDS, *WORK))}
"""Scopes that stand for many acts: every reading, all work on cycles and campaigns."""


def is_token(credential: str) -> bool:
    """Say whether it is an API token, live or not; a session never begins like one."""
    return credential.startswith(f"{MARK}_")


class Token(Record):
    """What is known of a token; the secret is not. Days are local days in China."""

    prefix: str
    person: str
    scopes: tuple[str, ...]
    made_on: date
    expires_on: date
    used_on: date | None = None
    revoked_on: date | None = None


def reaches(scopes: Collection[str], act: str) -> bool:
    """Say whether ``act`` lies within ``scopes``."""
    return act in scopes or any(act in GROUPS.get(scope, ()) for scope in scopes)


class Tokens:
    """Tokens in the database of people: found by prefix, compared by hash."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self.engine = engine
        self._clock = clock

    def make(self, person: str, scopes: Collection[str], *, days: int, by: str) -> str:
        """Return a new token, to be shown once and never again.

        Raises:
            Refused: no account, no such scope, too long a life; all at once.
        """
        wrong = [s for s in scopes if s not in GROUPS and s not in ACTS]
        reasons = [refusals.NoSuchScope(s) for s in (wrong if scopes else [""])]
        late = [] if 1 <= days <= LONGEST_DAYS else [refusals.TokenTooLong(LONGEST_DAYS)]
        refuse((*reasons, *late))
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        today = local_day(self._clock())
        token = Token(
            prefix=prefix, person=person, scopes=tuple(sorted(set(scopes))), made_on=today,
            expires_on=today + timedelta(days=days),
        )  # fmt: skip
        row = {**token.model_dump(mode="json"), "scopes": " ".join(token.scopes)}
        with self._writing() as connection:
            held = sa.select(ACCOUNT.c.person).where(ACCOUNT.c.person == person)
            if not connection.scalar(held):
                raise refusals.NoSuchAccount(person)
            connection.execute(sa.insert(TOKEN).values(row | {"hash": hashed(secret)}))
            note(connection, self._clock(), by=by, act="token_made", about=person, token=prefix)
        return f"{MARK}_{prefix}_{secret}"

    def whose(self, text: str, act: str) -> str:
        """Return the person the token acts for, when its scopes include ``act``.

        Raises:
            TokenRefused: unknown, expired, revoked, or the account is closed.
            ScopeMissing: its scopes do not include ``act``.
        """
        _, _, rest = text.partition("_")
        prefix, _, secret = rest.partition("_")
        today = local_day(self._clock())
        with self.engine.connect() as connection:
            row = connection.execute(
                sa.select(TOKEN)
                .join(ACCOUNT, ACCOUNT.c.person == TOKEN.c.person)
                .where(TOKEN.c.prefix == prefix, sa.not_(ACCOUNT.c.closed))
            ).first()
        same = hmac.compare_digest(row.hash if row else "-" * 64, hashed(secret))
        if row is None or not same or row.revoked_on or today > _day(row.expires_on):
            raise refusals.TokenRefused
        if row.used_on != today.isoformat():
            self._used(prefix, today)
        if not reaches(scopes := tuple(row.scopes.split()), act):
            raise refusals.ScopeMissing(act, scopes)
        return str(row.person)

    def revoke(self, prefix: str, *, by: str) -> None:
        """Revoke a token for good.

        Raises:
            NoSuchToken: there is none, or it is revoked already.
        """
        with self._writing() as connection:
            live = sa.and_(TOKEN.c.prefix == prefix, TOKEN.c.revoked_on.is_(None))
            person = connection.scalar(sa.select(TOKEN.c.person).where(live))
            if person is None:
                raise refusals.NoSuchToken(prefix)
            today = local_day(self._clock()).isoformat()
            connection.execute(sa.update(TOKEN).where(live).values(revoked_on=today))
            note(
                connection, self._clock(), by=by, act="token_revoked", about=person,
                token=prefix,
            )  # fmt: skip

    def of(self, person: str | None = None) -> tuple[Token, ...]:
        """Return the tokens of a person, or all, newest last."""
        query = sa.select(TOKEN).order_by(TOKEN.c.made_on, TOKEN.c.prefix)
        if person is not None:
            query = query.where(TOKEN.c.person == person)
        with self.engine.connect() as connection:
            return tuple(_token(row._asdict()) for row in connection.execute(query))

    def _used(self, prefix: str, today: date) -> None:
        with self._writing() as connection:
            row = TOKEN.c.prefix == prefix
            connection.execute(sa.update(TOKEN).where(row).values(used_on=today.isoformat()))

    def _writing(self) -> AbstractContextManager[sa.Connection]:
        return exclusive(self.engine, WRITE_LOCK)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _token(row: dict[str, str]) -> Token:
    values = {name: value for name, value in row.items() if name != "hash"}
    return Token.model_validate({**values, "scopes": row["scopes"].split()})
