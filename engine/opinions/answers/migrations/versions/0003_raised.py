"""Note which issue of the cycle a problem became."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the number of the issue; no problem was raised before."""
    op.add_column("opinion_problem", sa.Column("issue", sa.Integer))
