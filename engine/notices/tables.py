"""The tables of the delivery ledger: letters, digests, calendars, the checkpoint."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent / "migrations"

metadata = sa.MetaData()
LETTER = sa.Table(
    "notice_letter",
    metadata,
    sa.Column("key", sa.String(480), primary_key=True),
    sa.Column("digest", sa.String(150)),
    sa.Column("position", sa.BigInteger),
    sa.Column("written", sa.Text),
)
DIGEST = sa.Table(
    "notice_digest",
    metadata,
    sa.Column("key", sa.String(150), primary_key=True),
    sa.Column("person", sa.String(64)),
    sa.Column("day", sa.String(10)),
    sa.Column("rehearsal", sa.String(64)),
    sa.Column("first", sa.BigInteger),
    sa.Column("state", sa.String(10)),
    sa.Column("attempts", sa.Integer),
    sa.Column("error", sa.String(100)),
    sa.Column("next_try", sa.String(40)),
    sa.Column("sent_at", sa.String(40)),
)
CALENDAR = sa.Table(
    "notice_calendar",
    metadata,
    sa.Column("cycle", sa.String(64), primary_key=True),
    sa.Column("shift_s", sa.Float),
)
CHECKPOINT = sa.Table(
    "notice_checkpoint",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger),
)
