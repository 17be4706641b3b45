"""One sender at a time: a lock that dies with its process, held across deliveries.

It is no row and no transaction: the ledger keeps taking events while deliveries go out.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from engine.private import opener


def beside(engine: sa.Engine, name: str) -> Path | None:
    """Return where a SQLite database's senders exclude each other; else None."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(f"{url.database}.{name}")


@contextmanager
def alone(engine: sa.Engine, lock_file: Path | None, lock: int) -> Iterator[bool]:
    """Give True when this process alone holds ``lock``, False when another one does.

    PostgreSQL knows the lock by its number, SQLite by its file (``beside``).
    """
    if engine.dialect.name == "postgresql":
        with _alone_in_database(engine, lock) as got:
            yield got
    elif lock_file is None:
        yield True
    else:
        with _alone_on_machine(lock_file) as got:
            yield got


@contextmanager
def _alone_in_database(engine: sa.Engine, number: int) -> Iterator[bool]:
    lock = {"lock": number}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), lock))
        try:
            yield got
        finally:
            if got:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), lock)


@contextmanager
def _alone_on_machine(path: Path) -> Iterator[bool]:
    with open(path, "a", opener=opener) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
