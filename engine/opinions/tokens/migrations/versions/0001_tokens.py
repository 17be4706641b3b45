"""Create the sets of unused tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create one row a batch, rewritten whole whenever a token is used."""
    op.create_table(
        "token_set",
        sa.Column("batch", sa.String(64), primary_key=True),
        sa.Column("unused", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
