"""Create the tables for reading, and their twins for a rebuild."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create live and ``_new`` tables of the same shape."""
    for suffix in ("", "_new"):
        op.create_table(
            f"view_cycle{suffix}",
            sa.Column("cycle", sa.String(64), primary_key=True),
            sa.Column("unit", sa.String(64), nullable=False),
            sa.Column("status", sa.String(20), nullable=False),
            sa.Column("state", sa.Text, nullable=False),
        )
        op.create_table(
            f"view_issue{suffix}",
            sa.Column("cycle", sa.String(64), primary_key=True),
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("status", sa.String(20), nullable=False),
            sa.Column("owner", sa.String(64)),
            sa.Column("severity", sa.String(10), nullable=False),
        )
        op.create_table(
            f"view_counter{suffix}",
            sa.Column("cycle", sa.String(64), primary_key=True),
            sa.Column("counter", sa.String(40), primary_key=True),
            sa.Column("value", sa.Integer, nullable=False),
        )
        op.create_table(
            f"view_checkpoint{suffix}",
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("position", sa.BigInteger, nullable=False),
        )
