"""Create delegations while away, and successors named by who leaves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create both; a delegation is found by who gave it and by who has it."""
    op.create_table(
        "people_delegation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("giver", sa.String(64), nullable=False),
        sa.Column("delegate", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
    )
    op.create_index("people_delegation_giver", "people_delegation", ["giver"])
    op.create_index("people_delegation_delegate", "people_delegation", ["delegate"])
    op.create_table(
        "people_successor",
        sa.Column("cycle", sa.String(64), primary_key=True),
        sa.Column("issue", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("successor", sa.String(64), nullable=False),
    )
