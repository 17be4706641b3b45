"""The vault's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.ledger.database import connect, migrate

SCRIPTS = Path(__file__).parent / "migrations"

metadata = sa.MetaData()
KEY = sa.Table(
    "vault_key",
    metadata,
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("destroyed_at", sa.String),
    sa.Column("destroyed_by", sa.String),
    sa.Column("reason", sa.String),
)
OBJECT = sa.Table(
    "vault_object",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("subject", sa.String),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("sealed_by", sa.String),
    sa.Column("sealed_on", sa.String),
    sa.Column("handed_in", sa.Integer),
    sa.Column("destroyed_at", sa.String),
    sa.Column("destroyed_by", sa.String),
    sa.Column("reason", sa.String),
)
READ = sa.Table(
    "vault_read",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.String),
    sa.Column("subject", sa.String),
    sa.Column("reader", sa.String),
    sa.Column("purpose", sa.String),
    sa.Column("at", sa.String),
    sa.Column("outcome", sa.String),
    sa.Column("glass", sa.String),
    sa.Column("hash", sa.String),
)
CHECK = sa.Table(
    "vault_check",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sealed", sa.LargeBinary),
)


def opened(url: str) -> sa.Engine:
    """Return an engine for the vault's database, its schema up to date."""
    engine = connect(url)
    engine.hide_parameters = True  # a failing statement may be logged, its values never
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _overwrite_what_is_freed)
    migrate(engine, SCRIPTS, "vault_version")
    return engine


def _overwrite_what_is_freed(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")
