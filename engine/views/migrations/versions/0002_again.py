"""Project every event again: the stored cycles and counters were of an older shape."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Empty the tables; the projector begins anew at position 0."""
    for suffix in ("", "_new"):
        for stem in ("cycle", "issue", "counter", "checkpoint"):
            op.execute(f"DELETE FROM view_{stem}{suffix}")  # noqa: S608  names of our own
