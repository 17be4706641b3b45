"""Keep with which token a token was made, so that it is revoked with that one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the prefix of the other token; of those made before this it is not known."""
    op.add_column("people_token", sa.Column("made_with", sa.String(12)))
