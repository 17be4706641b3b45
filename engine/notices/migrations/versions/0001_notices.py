"""Create the delivery ledger of notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create letters, digests, calendars of rehearsals and the checkpoint."""
    op.create_table(
        "notice_letter",
        sa.Column("key", sa.String(480), primary_key=True),
        sa.Column("digest", sa.String(150), nullable=False, index=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("written", sa.Text, nullable=False),
    )
    op.create_table(
        "notice_digest",
        sa.Column("key", sa.String(150), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("rehearsal", sa.String(64), nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.String(100), nullable=False),
        sa.Column("next_try", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "notice_calendar",
        sa.Column("cycle", sa.String(64), primary_key=True),
        sa.Column("shift_s", sa.Float, nullable=False),
    )
    op.create_table(
        "notice_checkpoint",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
