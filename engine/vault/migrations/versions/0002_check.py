"""Keep a check of the master key; make the record of readings append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = """
CREATE TRIGGER vault_read_no_{act} BEFORE {act} ON vault_read
BEGIN SELECT RAISE(ABORT, 'readings are append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION vault_read_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'readings are append-only'; END $$
"""


def upgrade() -> None:
    """Create ``vault_check`` and the triggers on ``vault_read``."""
    op.create_table(
        "vault_check",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(SQLITE.format(act=act))
        return
    op.execute(POSTGRESQL)
    op.execute(
        "CREATE TRIGGER vault_read_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON vault_read FOR EACH STATEMENT EXECUTE FUNCTION vault_read_append_only()"
    )
