"""Chain the record of readings, and let single objects be destroyed."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from engine.ledger.port import GENESIS, chained

revision = "0003"
down_revision = "0002"

SQLITE = """
CREATE TRIGGER vault_read_no_{act} BEFORE {act} ON vault_read
BEGIN SELECT RAISE(ABORT, 'readings are append-only'); END
"""
SAID = ("content", "subject", "reader", "purpose", "at", "outcome", "glass")


def upgrade() -> None:
    """Add the columns, chain the rows there are, and close the table again."""
    for column in (
        sa.Column("outcome", sa.String(10), nullable=False, server_default="opened"),
        sa.Column("glass", sa.String(64), nullable=False, server_default=""),
        sa.Column("hash", sa.String(64), nullable=False, server_default=""),
    ):
        op.add_column("vault_read", column)
    for name, size in (("destroyed_at", 40), ("destroyed_by", 64), ("reason", 64)):
        op.add_column("vault_object", sa.Column(name, sa.String(size)))
    _opened()
    _chain()
    _closed()


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _opened() -> None:
    if not _sqlite():
        op.execute("ALTER TABLE vault_read DISABLE TRIGGER vault_read_append_only")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER vault_read_no_{act}")


def _closed() -> None:
    if not _sqlite():
        op.execute("ALTER TABLE vault_read ENABLE TRIGGER vault_read_append_only")
        return
    for act in ("update", "delete"):
        op.execute(SQLITE.format(act=act))


def _chain() -> None:
    """Number the rows without gaps, oldest first, and link each to the one before."""
    names = ("number", *SAID, "hash")
    read = sa.table("vault_read", *(sa.column(name) for name in names))
    connection, last = op.get_bind(), GENESIS
    rows = connection.execute(sa.select(read).order_by(read.c.number)).mappings().all()
    for number, row in enumerate(rows, 1):
        said = {name: row[name] for name in SAID}
        written = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        last = chained(last, written)
        where = read.c.number == row["number"]
        connection.execute(sa.update(read).where(where).values(number=number, hash=last))
