"""The tables of the deliveries: one row an event and plugin, one checkpoint a plugin."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent / "migrations"

metadata = sa.MetaData()
DELIVERY = sa.Table(
    "plugin_delivery",
    metadata,
    sa.Column("key", sa.String(480), primary_key=True),
    sa.Column("plugin", sa.String(64)),
    sa.Column("cycle", sa.String(64)),
    sa.Column("unit", sa.String(64)),
    sa.Column("rehearsal", sa.Boolean),
    sa.Column("event_id", sa.String(400)),
    sa.Column("position", sa.BigInteger),
    sa.Column("kind", sa.String(100)),
    sa.Column("state", sa.String(10)),
    sa.Column("attempts", sa.Integer),
    sa.Column("error", sa.String(200)),
    sa.Column("next_try", sa.String(40)),
    sa.Column("delivered_at", sa.String(40)),
    sa.Column("version", sa.String(40)),
    sa.Column("failed_at", sa.String(40)),
    sa.Column("tried_at", sa.String(40)),
)
CHECKPOINT = sa.Table(
    "plugin_checkpoint",
    metadata,
    sa.Column("plugin", sa.String(64), primary_key=True),
    sa.Column("position", sa.BigInteger),
)
