"""Local accounts: signing in, sessions, passwords. What was typed wrong is never said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals, sessions
from engine.people.noted import note
from engine.people.passwords import Passwords
from engine.people.sessions import Ages, Method
from engine.people.tables import ACCOUNT, PERSON, WRITE_LOCK
from engine.people.throttle import Limits, Throttle


class Accounts:
    """Accounts in the database of people.

    ``pepper`` keys the hashes under which tries are counted; it stays the same for the
    life of the installation.
    """

    def __init__(
        self, engine: sa.Engine, pepper: bytes, *, clock: Callable[[], datetime] = wall_clock,
        passwords: Passwords | None = None, limits: Limits | None = None,
        ages: Ages | None = None,
    ) -> None:  # fmt: skip
        self.engine = engine
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._throttle = Throttle(pepper, limits or Limits())
        self._ages = ages or Ages()

    def any(self) -> bool:
        """Say whether anybody has an account."""
        with self.engine.connect() as connection:
            return connection.execute(sa.select(ACCOUNT.c.person).limit(1)).first() is not None

    def sign_in(self, login: str, password: str, *, address: str) -> str:
        """Return the token of a new session.

        Answer and work are the same whether the login exists, is locked out or closed,
        or the password is wrong.

        Raises:
            TooManyTries: for this login, or from this address.
            SignInRefused: anything else.
        """
        now, mark = self._clock(), self._throttle.mark("login", login)
        with self._writing() as connection:
            source = self._throttle.mark("address", address)
            excess = self._throttle.admit(connection, mark, source, now)
            locked = excess is None and self._throttle.begin(connection, mark, now)
            row = connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.login == login)).first()
        if excess is not None:
            raise excess
        fits = self._passwords.fits(row.hash if row else None, password)
        if row is None or not fits or locked or row.closed:
            raise refusals.SignInRefused
        renewed = self._renewed(row.hash, password)
        with self._writing() as connection:
            self._throttle.forgive(connection, mark)
            mine = sa.and_(
                ACCOUNT.c.person == row.person, ACCOUNT.c.hash == row.hash,
                sa.not_(ACCOUNT.c.closed),
            )  # fmt: skip
            kept = connection.execute(sa.update(ACCOUNT).where(mine).values(hash=renewed))
            if kept.rowcount == 0:  # the password was changed while this one was checked
                raise refusals.SignInRefused
            return sessions.begin(connection, row.person, _method(row), now)

    def admit(self, person: str, method: Method) -> str:
        """Return the token of a new session for somebody another authority vouches for.

        Raises:
            SignInRefused: there is no account, or it is closed.
        """
        with self._writing() as connection:
            row = _account(connection, person)
            if row is None or row.closed:
                raise refusals.SignInRefused
            return sessions.begin(connection, person, method, self._clock())

    def whose(self, token: str) -> str:
        """Return the person whose session it is.

        Raises:
            SessionOver: unknown, ended, too old, or too long unused.
            PasswordGiven: it opens nothing until the holder has chosen a password.
        """
        person, method = self.begun(token)
        if method == "given":
            raise refusals.PasswordGiven
        return person

    def begun(self, token: str) -> tuple[str, Method]:
        """Return whose session it is and how it began.

        Raises:
            SessionOver: unknown, ended, too old, or too long unused.
        """
        now = self._clock()
        with self.engine.connect() as connection:
            person, method, to_note = sessions.whose(connection, token, now, self._ages)
        if to_note:
            with self._writing() as connection:
                sessions.touch(connection, token, now)
        return person, method

    def sign_out(self, token: str) -> None:
        """End the session; an unknown one is no error."""
        with self._writing() as connection:
            sessions.end(connection, token)

    def open(self, person: str, *, login: str | None = None, by: str) -> None:
        """Give ``person`` an account without a password; nothing happens when there is one.

        Raises:
            NoSuchPerson: the organisation does not know the person.
            LoginTaken: another person signs in by ``login``.
        """
        with self._writing() as connection:
            if not connection.scalar(sa.select(PERSON.c.id).where(PERSON.c.id == person)):
                raise refusals.NoSuchPerson(person)
            if _account(connection, person) is None:
                self._insert(connection, person, login or person, by)

    def _insert(self, connection: sa.Connection, person: str, login: str, by: str) -> None:
        if connection.scalar(sa.select(ACCOUNT.c.person).where(ACCOUNT.c.login == login)):
            raise refusals.LoginTaken(login)
        connection.execute(
            sa.insert(ACCOUNT).values(
                person=person, login=login, hash=None, closed=False, given=False
            )
        )
        note(connection, self._clock(), by=by, act="account_opened", about=person)

    def set_password(
        self, person: str, password: str, *, by: str, keep: str | None = None,
        given: bool = False,
    ) -> int:  # fmt: skip
        """Set the password, lift a lock-out, and end every session but ``keep``.

        One that is ``given`` by somebody else opens a session for changing it alone.

        Returns:
            How many sessions were ended.

        Raises:
            NoSuchAccount, PasswordTooWeak.
        """
        with self.engine.connect() as connection:
            row = _account(connection, person)
        if row is None:
            raise refusals.NoSuchAccount(person)
        kept = self._passwords.hashed(password, login=row.login)
        with self._writing() as connection:
            mine = ACCOUNT.c.person == person
            connection.execute(sa.update(ACCOUNT).where(mine).values(hash=kept, given=given))
            self._throttle.forgive(connection, self._throttle.mark("login", row.login))
            ended = sessions.end_all(connection, person, but=keep)
            if keep is not None:
                sessions.own(connection, keep)
            note(connection, self._clock(), by=by, act="password_set", about=person)
            return ended

    def give(self, person: str, password: str, *, login: str | None, by: str) -> int:
        """Set the password of ``person``, opening an account first when there is none.

        Set by somebody else, its holder has to change it at the first signing in.

        Returns:
            How many sessions were ended.

        Raises:
            NoSuchPerson, LoginTaken, PasswordTooWeak: and no account is opened.
        """
        with self.engine.connect() as connection:
            row = _account(connection, person)
        self._passwords.hashed(password, login=row.login if row else login or person)
        self.open(person, login=login, by=by)
        return self.set_password(person, password, by=by, given=by != person)

    def change_password(self, token: str, old: str, new: str, *, address: str) -> int:
        """Change one's own password; this session goes on, every other ends.

        Raises:
            SessionOver, TooManyTries, SignInRefused, PasswordTooWeak.
            PasswordUnchanged: it is the old one, which somebody else may have set.
        """
        person, _ = self.begun(token)
        with self.engine.connect() as connection:
            row = _account(connection, person)
        assert row is not None, "a session has an account"
        proof = self.sign_in(row.login, old, address=address)
        self.sign_out(proof)
        if self._passwords.fits(row.hash, new):
            raise refusals.PasswordUnchanged
        return self.set_password(person, new, by=person, keep=token)

    def close(self, person: str, *, by: str) -> None:
        """Close the account: no signing in, no session, until it is opened again."""
        self._set_closed(person, by=by, closed=True)

    def reopen(self, person: str, *, by: str) -> None:
        """Open a closed account again."""
        self._set_closed(person, by=by, closed=False)

    def _set_closed(self, person: str, *, by: str, closed: bool) -> None:
        with self._writing() as connection:
            if _account(connection, person) is None:
                raise refusals.NoSuchAccount(person)
            mine = ACCOUNT.c.person == person
            connection.execute(sa.update(ACCOUNT).where(mine).values(closed=closed))
            sessions.end_all(connection, person)
            act = "account_closed" if closed else "account_reopened"
            note(connection, self._clock(), by=by, act=act, about=person)

    def _renewed(self, kept: str, password: str) -> str:
        """Return the hash to keep: a new one when today's parameters are others."""
        if not self._passwords.outdated(kept):
            return kept
        return self._passwords.rehashed(password)

    def _writing(self) -> AbstractContextManager[sa.Connection]:
        return exclusive(self.engine, WRITE_LOCK)


def _method(account: sa.Row[Any]) -> Method:
    return "given" if account.given else "password"


def _account(connection: sa.Connection, person: str) -> sa.Row[Any] | None:
    return connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.person == person)).first()
