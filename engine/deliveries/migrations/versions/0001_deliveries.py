"""Create the deliveries to plugins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create deliveries, found by who waits for them, and the checkpoints."""
    op.create_table(
        "plugin_delivery",
        sa.Column("key", sa.String(480), primary_key=True),
        sa.Column("plugin", sa.String(64), nullable=False),
        sa.Column("cycle", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("event_id", sa.String(400), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("next_try", sa.String(40), nullable=False),
        sa.Column("delivered_at", sa.String(40), nullable=False),
    )
    op.create_index(
        "plugin_delivery_lane", "plugin_delivery", ["state", "plugin", "cycle", "position"]
    )
    op.create_table(
        "plugin_checkpoint",
        sa.Column("plugin", sa.String(64), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
