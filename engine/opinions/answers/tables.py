"""The tables of opinions; none tells a person, an hour or an order."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from engine.opinions.bare import opened

SCRIPTS = Path(__file__).parent / "migrations"
WRITE_LOCK = 7_214_012

metadata = sa.MetaData()
BATCH = sa.Table(
    "opinion_batch",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("cycle", sa.String),
    sa.Column("channel", sa.String),
    sa.Column("state", sa.String),
    sa.Column("k", sa.Integer),
    sa.Column("opened_on", sa.String),
    sa.Column("shut_on", sa.String),
    sa.Column("closed_on", sa.String),
)
BODY = sa.Table(
    "opinion_body",
    metadata,
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("body", sa.String, primary_key=True),
    sa.Column("number", sa.Integer),
    sa.Column("kind", sa.String),
    sa.Column("links", sa.Integer),
    sa.Column("drawn", sa.Integer),
    sa.Column("paper", sa.Integer),
    sa.Column("entered", sa.Integer),
)
POOL = sa.Table(
    "opinion_pool",
    metadata,
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("sealed", sa.LargeBinary),
)
ANSWER = sa.Table(
    "opinion_answer",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("batch", sa.String),
    sa.Column("body", sa.String),
    sa.Column("day", sa.String),
    sa.Column("original", sa.String),
    sa.Column("standing", sa.String),
)
PROBLEM = sa.Table(
    "opinion_problem",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("cycle", sa.String),
    sa.Column("aspect", sa.String),
    sa.Column("heading", sa.String),
    sa.Column("state", sa.String),
    sa.Column("merged_into", sa.String),
    sa.Column("reply", sa.String),
    sa.Column("overruled", sa.Integer),
    sa.Column("issue", sa.Integer),
)
CODED = sa.Table(
    "opinion_coded",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("batch", sa.String),
    sa.Column("answer", sa.String),
    sa.Column("aspect", sa.String),
    sa.Column("paraphrase", sa.String),
    sa.Column("problem", sa.String),
)
CELL = sa.Table(
    "opinion_cell",
    metadata,
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("aspect", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("bodies", sa.Text),
    sa.Column("answers", sa.Integer),
)


def open_opinions(url: str) -> sa.Engine:
    """Return an engine for the database of opinions, its schema brought up to date."""
    return opened(url, SCRIPTS, "opinion_version")
