"""Create keys, sealed objects and the record of readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables of the vault."""
    op.create_table(
        "vault_key",
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=True),
        sa.Column("destroyed_at", sa.String(40)),
        sa.Column("destroyed_by", sa.String(64)),
        sa.Column("reason", sa.String(64)),
    )
    op.create_table(
        "vault_object",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(200), sa.ForeignKey("vault_key.subject")),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed_by", sa.String(64), nullable=False),
    )
    op.create_table(
        "vault_read",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("content", sa.String(110), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
