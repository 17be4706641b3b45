"""Keep the day of a sealing and how often it was handed in, so that it can be withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.ledger.sql import wall_clock

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both; what is there counts as sealed today, and as handed in once."""
    today = wall_clock().date().isoformat()
    op.add_column(
        "vault_object",
        sa.Column("sealed_on", sa.String(10), nullable=False, server_default=today),
    )
    op.add_column(
        "vault_object",
        sa.Column("handed_in", sa.Integer, nullable=False, server_default="1"),
    )
