"""Create identities at other authorities, and sign-ins that are on their way there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create both; a passage is used once and lives ten minutes."""
    op.create_table(
        "people_identity",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
    )
    op.create_index("people_identity_person", "people_identity", ["person"])
    op.create_table(
        "people_passage",
        sa.Column("state", sa.String(64), primary_key=True),
        sa.Column("binding", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("ends_at", sa.String(40), nullable=False),
    )
