"""What slows guessing down: rates per login and address, and a lock-out that grows.

Both are counted for whatever was typed, whether such an account exists or not, and kept
under a keyed hash: people type passwords and names into the wrong field.

Failures count per login whatever address they come from, so no number of addresses
guesses faster; the price is that one of them can keep a person out. On the command line
the address is the user of the machine who runs it: all who share that user share its rate.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

import sqlalchemy as sa

from engine.people.refusals import TooManyTries
from engine.people.tables import FAILURE, WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many tries: in ``window`` per login and address; failures before a lock-out.

    The first lock-out lasts ``first_lock``, each further failure doubles it up to
    ``longest_lock``; after ``forget`` without a failure the count begins anew.
    """

    window: timedelta = timedelta(minutes=5)
    per_login: int = 10
    per_address: int = 30
    failures: int = 5
    first_lock: timedelta = timedelta(seconds=30)
    longest_lock: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(hours=24)

    def lock(self, failures: int) -> timedelta | None:
        """Return how long the ``failures``-th failure locks out, if it does."""
        over = failures - self.failures
        return (
            None if over < 0 else min(self.first_lock * 2 ** min(over, 20), self.longest_lock)
        )


class Throttle:
    """Counts in the database, so that every process counts together."""

    def __init__(self, pepper: bytes, limits: Limits) -> None:
        self._pepper = pepper
        self._limits = limits

    def mark(self, kind: Literal["login", "address"], typed: str) -> str:
        """Return the hash under which ``typed`` is counted."""
        said = f"{kind}|{typed}".encode("utf-8", "surrogatepass")
        return hmac.new(self._pepper, said, hashlib.sha256).hexdigest()

    def admit(
        self, connection: sa.Connection, login: str, address: str, now: datetime
    ) -> TooManyTries | None:
        """Count a try; return the refusal when it is one too many for login or address."""
        limits = self._limits
        waits = [
            self._count(connection, mark, most, now)
            for mark, most in ((login, limits.per_login), (address, limits.per_address))
        ]
        return TooManyTries(max(waits)) if any(waits) else None

    def _count(self, connection: sa.Connection, mark: str, most: int, now: datetime) -> int:
        """Return the seconds to wait, 0 when the try is admitted.

        The window slides: the one before counts by the part of it that is not over.
        """
        length = self._limits.window.total_seconds()
        start = int(now.timestamp() // length * length)
        gone = (now.timestamp() - start) / length
        rows = connection.execute(sa.select(WINDOW).where(WINDOW.c.key == mark)).all()
        tries = {int(row.start): int(row.tries) for row in rows}
        before, current = tries.get(int(start - length), 0), tries.get(start, 0)
        if before * (1 - gone) + current + 1 > most:
            return ceil(length * _until_free(before, current, most, gone))
        connection.execute(sa.delete(WINDOW).where(WINDOW.c.start < start - length))
        if current:
            row = sa.and_(WINDOW.c.key == mark, WINDOW.c.start == start)
            connection.execute(sa.update(WINDOW).where(row).values(tries=current + 1))
        else:
            connection.execute(sa.insert(WINDOW).values(key=mark, start=start, tries=1))
        return 0

    def begin(self, connection: sa.Connection, login: str, now: datetime) -> bool:
        """Count a failure before the password is looked at; say whether it is locked out.

        Counting first lets no number of guesses at the same moment pass as one. While it
        is locked out nothing is counted, so that each lock-out ends. Whoever goes on with
        wrong guesses makes the next one begin, and keeps the person out as long as that
        goes on: a password set anew, single sign-on and live sessions are the ways round.
        """
        limits = self._limits
        row = connection.execute(sa.select(FAILURE).where(FAILURE.c.login == login)).first()
        if row is not None and row.until and now < datetime.fromisoformat(row.until):
            return True
        recent = row is not None and now - datetime.fromisoformat(row.last) < limits.forget
        count = (row.failures if row is not None and recent else 0) + 1
        lock = limits.lock(count)
        until = (now + lock).isoformat() if lock else None
        values = {"failures": count, "last": now.isoformat(), "until": until}
        if row is None:
            connection.execute(sa.insert(FAILURE).values(login=login, **values))
        else:
            connection.execute(
                sa.update(FAILURE).where(FAILURE.c.login == login).values(values)
            )
        return False

    def forgive(self, connection: sa.Connection, login: str) -> None:
        """Forget the failures: the password was right, or was set anew."""
        connection.execute(sa.delete(FAILURE).where(FAILURE.c.login == login))


def _until_free(before: int, current: int, most: int, gone: float) -> float:
    """Return the windows to wait until one more try fits."""
    if current + 1 > most:
        return (1 - gone) + (1 - (most - 1) / current)
    return 1 - (most - 1 - current) / before - gone
