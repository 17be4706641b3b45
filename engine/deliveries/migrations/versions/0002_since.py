"""Say which version of a plugin did not take an event, since when, and when it was tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the version and the two moments; rows from before say nothing of them."""
    for name in ("version", "failed_at", "tried_at"):
        column = sa.Column(name, sa.String(40), nullable=False, server_default="")
        op.add_column("plugin_delivery", column)
