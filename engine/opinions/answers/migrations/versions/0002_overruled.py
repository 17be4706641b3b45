"""Count in a problem the words that were said to be no names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the count; nothing was overruled before."""
    op.add_column(
        "opinion_problem",
        sa.Column("overruled", sa.Integer, nullable=False, server_default="0"),
    )
