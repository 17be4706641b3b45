"""One way to open a database, for every room that keeps tables in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from engine.private import narrow, new_file

BUSY_TIMEOUT_S = 15
MIGRATION_LOCK = 7_214_001


def connect(url: str, *, journal: Literal["WAL", "DELETE"] = "WAL") -> Engine:
    """Return an engine for ``url``; SQLite gets immediate transactions that outlive power cuts.

    ``journal`` is SQLite's. A write-ahead log keeps pages in the order in which they were
    written; ``DELETE`` leaves nothing of a transaction once it is over, and needs EXTRA
    to be as durable.
    """
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return create_engine(where, pool_pre_ping=True, connect_args={"connect_timeout": 3})
    if where.database:
        _private(where.database)
    engine = create_engine(where, connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA journal_mode={journal}")
        synchronous = "FULL" if journal == "WAL" else "EXTRA"
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _private(database: str) -> None:
    """Make the file before SQLite does, which gives its mode to what it keeps beside it."""
    if database.startswith((":", "file:")):
        return
    Path(database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):  # SQLite says better what is wrong
        new_file(Path(database))
    for beside in ("-wal", "-shm", "-journal"):
        narrow(Path(f"{database}{beside}"))


@contextmanager
def exclusive(engine: Engine, lock: int) -> Iterator[Connection]:
    """Begin a transaction that no other holder of ``lock`` can overlap."""
    with engine.execution_options(writing=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
        yield connection


def migrate(engine: Engine, scripts: Path, version_table: str) -> None:
    """Bring the schema to its newest revision; safe when several processes start at once."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with exclusive(engine, MIGRATION_LOCK) as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table"] = version_table
        command.upgrade(config, "head")
