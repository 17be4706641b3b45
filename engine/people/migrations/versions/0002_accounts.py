"""Create accounts, what guards signing in, sessions and API tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; passwords, sessions and tokens are kept as hashes alone."""
    op.create_table(
        "people_account",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(200)),
        sa.Column("closed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "people_failure",
        sa.Column("login", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", sa.String(40), nullable=False),
        sa.Column("until", sa.String(40)),
    )
    op.create_table(
        "people_window",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_table(
        "people_session",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
    )
    op.create_index("people_session_person", "people_session", ["person"])
    op.create_table(
        "people_token",
        sa.Column("prefix", sa.String(12), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("made_on", sa.String(10), nullable=False),
        sa.Column("expires_on", sa.String(10), nullable=False),
        sa.Column("used_on", sa.String(10)),
        sa.Column("revoked_on", sa.String(10)),
    )
    op.create_index("people_token_person", "people_token", ["person"])
