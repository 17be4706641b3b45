"""Sessions: an opaque token with its holder, its hash here, two ways to grow too old."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import sqlalchemy as sa

from engine.people.refusals import SessionOver
from engine.people.tables import ACCOUNT, SESSION

Method: TypeAlias = Literal["password", "given", "oidc"]
"""How somebody signed in; ``given`` is by a password that somebody else has set."""
MARK = "s"
"""Begins every token of a session, so that chance makes none look like an API token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """How old a session may grow: in all, and since it was last used.

    Its use is noted at most once in ``noted``, so reading a page writes nothing.
    """

    absolute: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(minutes=30)
    noted: timedelta = timedelta(minutes=1)


def hashed(token: str) -> str:
    """Return what is kept of a token: it is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def begin(connection: sa.Connection, person: str, method: Method, now: datetime) -> str:
    """Return the token of a new session."""
    token = MARK + secrets.token_urlsafe(32)
    at = now.isoformat()
    row = {"hash": hashed(token), "person": person, "method": method}
    connection.execute(sa.insert(SESSION).values(**row, made_at=at, seen_at=at))
    return token


def whose(
    connection: sa.Connection, token: str, now: datetime, ages: Ages
) -> tuple[str, Method, bool]:
    """Return the person of a live session, how it began, and whether to note its use.

    Raises:
        SessionOver: unknown, ended, too old, too long unused, or the account is closed.
    """
    query = (
        sa.select(SESSION)
        .join(ACCOUNT, ACCOUNT.c.person == SESSION.c.person)
        .where(SESSION.c.hash == hashed(token), sa.not_(ACCOUNT.c.closed))
    )
    row = connection.execute(query).first()
    if row is None:
        raise SessionOver
    made, seen = datetime.fromisoformat(row.made_at), datetime.fromisoformat(row.seen_at)
    if now - made >= ages.absolute or now - seen >= ages.idle:
        raise SessionOver
    return str(row.person), row.method, now - seen >= ages.noted


def touch(connection: sa.Connection, token: str, now: datetime) -> None:
    """Note that the session was used."""
    row = SESSION.c.hash == hashed(token)
    connection.execute(sa.update(SESSION).where(row).values(seen_at=now.isoformat()))


def own(connection: sa.Connection, token: str) -> None:
    """Take a session that began by a given password for one by the person's own."""
    row = sa.and_(SESSION.c.hash == hashed(token), SESSION.c.method == "given")
    connection.execute(sa.update(SESSION).where(row).values(method="password"))


def end(connection: sa.Connection, token: str) -> None:
    """End one session."""
    connection.execute(sa.delete(SESSION).where(SESSION.c.hash == hashed(token)))


def end_all(
    connection: sa.Connection, person: str, *, but: str | None = None,
    method: Method | None = None,
) -> int:  # fmt: skip
    """End every session of a person, ``but`` the one of that token; return how many.

    With ``method`` only those that began so.
    """
    mine = SESSION.c.person == person
    if method is not None:
        mine = sa.and_(mine, SESSION.c.method == method)
    if but is not None:
        mine = sa.and_(mine, SESSION.c.hash != hashed(but))
    return int(connection.execute(sa.delete(SESSION).where(mine)).rowcount)
