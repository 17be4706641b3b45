"""Databases that remember nothing of how they came to hold what they hold.

SQLite's write-ahead log keeps changes in their order, freed pages keep what was deleted,
and rows lie as they came. Here there is no such log, what is freed is overwritten, and
whatever changes while answers come in is one row, written anew each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.ledger.database import connect, migrate


def opened(url: str, scripts: Path, version_table: str) -> sa.Engine:
    """Return an engine for ``url`` with the newest schema and without a memory."""
    engine = connect(url, journal="DELETE")
    engine.hide_parameters = True  # a failing statement may be logged, its values never
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _overwrite_what_is_freed)
    migrate(engine, scripts, version_table)
    return engine


def _overwrite_what_is_freed(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")


def put(connection: sa.Connection, table: sa.Table, batch: str, **values: Any) -> None:
    """Write the one row that ``table`` has for ``batch``."""
    there = connection.execute(sa.update(table).where(table.c.batch == batch).values(values))
    if not there.rowcount:
        connection.execute(sa.insert(table).values(batch=batch, **values))


def swept(engine: sa.Engine, table: sa.Table) -> None:
    """Rebuild the files, so that nothing of older rows of ``table`` is left in them.

    PostgreSQL's own write-ahead log and every backup keep old bytes until they are
    recycled.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"VACUUM (FULL) {table.name}"))
        return
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM")
    finally:
        raw.close()
