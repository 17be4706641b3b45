"""Keep whether somebody else set a password: who knows it is not its holder alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Take the passwords there are for their holders' own, as they were until now."""
    given = sa.Column("given", sa.Boolean, server_default=sa.false(), nullable=False)
    op.add_column("people_account", given)
