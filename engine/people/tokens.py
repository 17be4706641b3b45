"""API tokens: for a program that acts for a person, within scopes and until a day."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

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
from engine.refusal import Refused, refuse

LONGEST_DAYS = 366
USUAL_DAYS = 90
MARK = "tz"
GROUPS = {"read": frozenset(READING), "act": frozenset((*COMMANDS, *WORK))}
"""Scopes that stand for many acts: every reading, all work on cycles and campaigns."""


def is_token(credential: str) -> bool:
    """Say whether it is an API token, live or not; a session never begins like one."""
    return credential.startswith(f"{MARK}_")


def prefix_of(credential: str) -> str | None:
    """Return by what an API token is found; None for what is none, a session for one."""
    return credential.split("_", 2)[1] if is_token(credential) else None


class Token(Record):
    """What is known of a token; the secret is not. Days are local days in China.

    ``made_with`` is the prefix of the token it was made with, if it was made with one.
    """

    prefix: str
    person: str
    scopes: tuple[str, ...]
    made_on: date
    expires_on: date
    used_on: date | None = None
    revoked_on: date | None = None
    made_with: str | None = None


def reaches(scopes: Collection[str], act: str) -> bool:
    """Say whether ``act`` lies within ``scopes``."""
    return act in scopes or any(act in GROUPS.get(scope, ()) for scope in scopes)


class Tokens:
    """Tokens in the database of people: found by prefix, compared by hash."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self.engine = engine
        self._clock = clock

    def make(
        self, person: str, scopes: Collection[str], *, by: str, days: int | None = None,
        made_with: str | None = None,
    ) -> str:  # fmt: skip
        """Return a new token, to be shown once and never again.

        Args:
            person: For whom it acts.
            scopes: Groups or acts, one at least.
            by: Who makes it.
            days: How long it lives; None is ``USUAL_DAYS``, or as long as ``made_with``.
            made_with: The prefix of the token it is made with. The new one does not outlive
                that, and is revoked with it.

        Raises:
            Refused: no account, no such scope, too long a life; all at once.
        """
        secret, today = secrets.token_urlsafe(32), local_day(self._clock())
        with self._writing() as connection:
            most = _days_left(connection, made_with, today)
            days = max(1, min(USUAL_DAYS, most)) if days is None else days
            refuse((*_badly_asked(scopes, days), *_outliving(days, most, today)))
            token = Token(
                prefix=secrets.token_hex(4), person=person, scopes=tuple(sorted(set(scopes))),
                made_on=today, expires_on=today + timedelta(days=days), made_with=made_with,
            )  # fmt: skip
            self._insert(connection, token, secret, by)
        return f"{MARK}_{token.prefix}_{secret}"

    def _insert(self, connection: sa.Connection, token: Token, secret: str, by: str) -> None:
        held = sa.select(ACCOUNT.c.person).where(ACCOUNT.c.person == token.person)
        if not connection.scalar(held):
            raise refusals.NoSuchAccount(token.person)
        row = {**token.model_dump(mode="json"), "scopes": " ".join(token.scopes)}
        connection.execute(sa.insert(TOKEN).values(row | {"hash": hashed(secret)}))
        made_with = {"made_with": token.made_with} if token.made_with else {}
        note(
            connection, self._clock(), by=by, act="token_made", about=token.person,
            token=token.prefix, **made_with,
        )  # fmt: skip

    def whose(self, text: str, act: str) -> str:
        """Return the person the token acts for, when its scopes include ``act``.

        Raises:
            TokenRefused: unknown, expired, revoked, or the account is closed.
            ScopeMissing: its scopes do not include ``act``.
        """
        _, _, rest = text.partition("_")
        prefix, _, secret = rest.partition("_")
        if not _askable(prefix):
            raise refusals.TokenRefused
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

    def revoke(self, prefix: str, *, by: str) -> int:
        """Revoke a token for good, with all that were made with it, or with one of those.

        Returns:
            How many others were revoked with it.

        Raises:
            NoSuchToken: there is none, or it is revoked already.
        """
        with self._writing() as connection:
            live = sa.and_(TOKEN.c.prefix == prefix, TOKEN.c.revoked_on.is_(None))
            row = connection.execute(sa.select(TOKEN).where(live)).first()
            if row is None:
                raise refusals.NoSuchToken(prefix)
            along = tuple(_made_with(connection, prefix))
            for each in (row, *along):
                self._revoke(connection, each.prefix, each.person, by)
            return len(along)

    def _revoke(self, connection: sa.Connection, prefix: str, person: str, by: str) -> None:
        now, row = self._clock(), TOKEN.c.prefix == prefix
        today = local_day(now).isoformat()
        connection.execute(sa.update(TOKEN).where(row).values(revoked_on=today))
        note(connection, now, by=by, act="token_revoked", about=person, token=prefix)

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


def _askable(prefix: str) -> bool:
    """Say whether a database can be asked for it: bytes that are no text come from a shell."""
    return prefix.isascii() and prefix.isalnum()


def _badly_asked(scopes: Collection[str], days: int) -> Iterator[Refused]:
    wrong = [s for s in scopes if s not in GROUPS and s not in ACTS]
    yield from (refusals.NoSuchScope(s) for s in (wrong if scopes else [""]))
    if not 1 <= days <= LONGEST_DAYS:
        yield refusals.TokenTooLong(LONGEST_DAYS)


def _days_left(connection: sa.Connection, prefix: str | None, today: date) -> int:
    """Return how long what is made with that token may live; None is no token.

    Raises:
        TokenRefused: it is revoked or over by now.
    """
    if prefix is None:
        return LONGEST_DAYS
    live = sa.and_(TOKEN.c.prefix == prefix, TOKEN.c.revoked_on.is_(None))
    last = connection.scalar(sa.select(TOKEN.c.expires_on).where(live))
    if last is None or _day(last) < today:
        raise refusals.TokenRefused
    return (_day(last) - today).days


def _outliving(days: int, most: int, today: date) -> Iterator[Refused]:
    if most < 1:
        yield refusals.TokenEndsToday()
    elif most < min(days, LONGEST_DAYS):
        yield refusals.TokenOutlives((today + timedelta(days=most)).isoformat(), most)


def _made_with(connection: sa.Connection, prefix: str) -> Iterator[sa.Row[Any]]:
    """Yield every token not revoked yet that was made with that one, or with one of those."""
    ahead = [prefix]
    while ahead:
        query = sa.select(TOKEN).where(TOKEN.c.made_with.in_(ahead))
        rows = connection.execute(query).all()
        yield from (row for row in rows if row.revoked_on is None)
        ahead = [row.prefix for row in rows]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _token(row: dict[str, str]) -> Token:
    values = {name: value for name, value in row.items() if name != "hash"}
    return Token.model_validate({**values, "scopes": row["scopes"].split()})
