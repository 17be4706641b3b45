"""Create the links of guests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create one row a guest and cycle: the only link that is good, and its device."""
    op.create_table(
        "guest_link",
        sa.Column("cycle", sa.String(64), primary_key=True),
        sa.Column("guest", sa.String(64), primary_key=True),
        sa.Column("meeting", sa.Integer, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("device", sa.String(64)),
    )
