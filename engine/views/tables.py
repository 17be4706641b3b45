"""The tables for reading: live ones, and twins beside them for a rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Tables:
    """One set of view tables."""

    cycle: sa.Table
    issue: sa.Table
    counter: sa.Table
    checkpoint: sa.Table

    @property
    def rows(self) -> tuple[sa.Table, sa.Table, sa.Table]:
        """Return the tables whose rows are compared and swapped."""
        return self.cycle, self.issue, self.counter


def tables(suffix: str = "") -> Tables:
    """Return the live tables, or those ending in ``suffix``."""
    metadata = sa.MetaData()

    def table(stem: str, *columns: str) -> sa.Table:
        return sa.Table(
            f"view_{stem}{suffix}", metadata, *(sa.Column[object](column) for column in columns)
        )

    return Tables(
        cycle=table("cycle", "cycle", "unit", "status", "state"),
        issue=table("issue", "cycle", "number", "status", "owner", "severity"),
        counter=table("counter", "cycle", "counter", "value"),
        checkpoint=table("checkpoint", "id", "position"),
    )


LIVE = tables()
BESIDE = tables("_new")
