"""How a destroyed key leaves no trace in the files of either database."""

from __future__ import annotations

import re
import time
from typing import Any

import sqlalchemy as sa

from engine.ledger import database
from engine.vault.port import TracesLeftError

REWRITE = "VACUUM (FULL, VERBOSE) vault_key, vault_object"
REWRITTEN = 2
"""Tables it says something of: how many dead rows somebody's snapshot made it keep."""
PAUSE_S = 0.1
"""Between tries: PostgreSQL tells nobody when the last snapshot of a row is gone."""
QUEUE_S = 1
"""So long it queues for a table; whoever wants to read it waits behind."""
LOCK_NOT_AVAILABLE = "55P03"


def clear_traces(engine: sa.Engine) -> None:
    """Remove what an update left of keys and objects in the database's files.

    PostgreSQL rewrites the tables; its own write-ahead log and every backup keep the old
    bytes until they are recycled. It waits ``BUSY_TIMEOUT_S`` for those who still look at
    the old rows.

    Raises:
        TracesLeftError: a reader kept SQLite's log from being emptied, or old rows of
            PostgreSQL from being dropped.
    """
    cleared = _rewritten if engine.dialect.name == "postgresql" else _log_emptied
    if not cleared(engine):
        raise TracesLeftError(
            "已销毁,但有人正在读取,旧数据尚在文件中,请再销毁一次 | "
            "it is destroyed, but a reader holds the old bytes: destroy it once more"
        )


def clear_at_hand(engine: sa.Engine) -> None:
    """Remove what costs nobody a wait: SQLite's log; the nightly pass clears the rest."""
    if engine.dialect.name == "sqlite":
        _log_emptied(engine)


def _log_emptied(engine: sa.Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, _, _) = cursor.fetchall()[0]
    finally:
        raw.close()
    return not busy


def _rewritten(engine: sa.Engine) -> bool:
    until = time.monotonic() + database.BUSY_TIMEOUT_S
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"SET lock_timeout = '{QUEUE_S}s'"))
        try:
            while not (done := _rewrite(connection)) and time.monotonic() < until:
                time.sleep(PAUSE_S)
        finally:
            connection.execute(sa.text("RESET lock_timeout"))
    return done


def _rewrite(connection: sa.Connection) -> bool:
    """Rewrite the tables once; whether PostgreSQL says that no dead row was kept."""
    kept: list[int] = []

    def hear(notice: Any) -> None:
        if counted := re.match(r"\d+", notice.message_detail or ""):
            kept.append(int(counted[0]))

    driver: Any = connection.connection.driver_connection
    driver.add_notice_handler(hear)
    try:
        connection.execute(sa.text(REWRITE))
    except sa.exc.OperationalError as failed:
        if getattr(failed.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    finally:
        driver.remove_notice_handler(hear)
    return kept == [0] * REWRITTEN
