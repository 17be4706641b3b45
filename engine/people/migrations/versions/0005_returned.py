"""Keep when a delegation was taken back: from that moment on it holds no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the moment; of what was returned before this, only the day is known."""
    op.add_column("people_delegation", sa.Column("returned_at", sa.String(40)))
