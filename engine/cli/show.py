"""Print rows as a table, as JSON, or as ids alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from engine.cli.options import Output
from engine.cli.words import Words
from engine.policy.calendar import CHINA

WIDE = 120
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)")


def console() -> Console:
    """Return a console on stdout; wide enough for a table when nobody watches."""
    screen = Console(highlight=False)
    return screen if screen.is_terminal else Console(highlight=False, width=WIDE)


def local(at: datetime) -> str:
    """Return a moment as people in China read it, to the minute."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def as_json(value: Any) -> None:
    """Print ``value`` as JSON, indented, with Chinese left readable."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(
    words: Words, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Table:
    """Return a table of ``columns``, headed by their words."""
    shown = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        shown.add_column(words.of("column", column), overflow="fold")
    for row in rows:
        shown.add_row(*(cell(row.get(column)) for column in columns))
    return shown


def listed(
    output: Output, words: Words, title: str, columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]], *, key: str,
) -> None:  # fmt: skip
    """Print ``rows``; ``key`` names the column that ``-o ids`` prints."""
    if output == "json":
        as_json(list(rows))
    elif output == "ids":
        for row in rows:
            typer.echo(str(row[key]))
    else:
        console().print(table(words, title, columns, rows))


def cell(value: Any) -> str:
    """Return a value as it is read in a table; nothing for what is not there.

    A moment is read as the clock on the wall shows it, to the minute.
    """
    if value is None:
        return ""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return local(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
