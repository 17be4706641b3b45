"""Create batches, the sealed pool, and what becomes of answers at coding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

CONTENT, ID = sa.String(110), sa.String(64)


def upgrade() -> None:
    """Create the tables; none has a number that counts up, and none a time of day."""
    _asking()
    _answers()
    _coding()


def _asking() -> None:
    op.create_table(
        "opinion_batch",
        sa.Column("id", ID, primary_key=True),
        sa.Column("cycle", ID, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("k", sa.Integer, nullable=False),
        sa.Column("opened_on", sa.String(10), nullable=False),
        sa.Column("shut_on", sa.String(10)),
        sa.Column("closed_on", sa.String(10)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_body",
        sa.Column("batch", ID, primary_key=True),
        sa.Column("body", ID, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("links", sa.Integer, nullable=False),
        sa.Column("drawn", sa.Integer, nullable=False),
        sa.Column("paper", sa.Integer, nullable=False),
        sa.Column("entered", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _answers() -> None:
    op.create_table(
        "opinion_pool",
        sa.Column("batch", ID, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_answer",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("batch", ID, nullable=False, index=True),
        sa.Column("body", ID, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("original", CONTENT),
        sa.Column("standing", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )


def _coding() -> None:
    op.create_table(
        "opinion_problem",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("cycle", ID, nullable=False, index=True),
        sa.Column("aspect", ID, nullable=False),
        sa.Column("heading", CONTENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("merged_into", sa.String(32)),
        sa.Column("reply", CONTENT),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_coded",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("batch", ID, nullable=False, index=True),
        sa.Column("answer", sa.String(32), nullable=False, index=True),
        sa.Column("aspect", ID, nullable=False),
        sa.Column("paraphrase", CONTENT, nullable=False),
        sa.Column("problem", sa.String(32), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_cell",
        sa.Column("batch", ID, primary_key=True),
        sa.Column("aspect", ID, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bodies", sa.Text, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
