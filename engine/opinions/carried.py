"""What the rows of opinions carry of the vault: originals, paraphrases, headings, replies."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from engine.opinions.answers.tables import ANSWER, CODED, PROBLEM

COLUMNS = (ANSWER.c.original, CODED.c.paraphrase, PROBLEM.c.heading, PROBLEM.c.reply)


def carried(engine: sa.Engine) -> Iterator[str]:
    """Yield every reference in a row of opinions."""
    with engine.connect() as connection:
        for column in COLUMNS:
            yield from connection.scalars(sa.select(column).where(column.is_not(None)))
