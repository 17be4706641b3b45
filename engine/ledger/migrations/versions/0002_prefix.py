"""Let PostgreSQL find the streams under a prefix by index, byte by byte."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the index; SQLite compares bytes already and uses the one it has."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute('CREATE INDEX event_stream_prefix ON event (stream COLLATE "C", position)')
