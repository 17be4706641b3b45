"""Print rows as a table, as JSON, or as ids alone."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.cli.options import Output
from engine.cli.words import Words
from engine.policy.calendar import CHINA
from engine.terminal import escaped, one_line, visible

WIDE = 120
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)")


class Screen(Console):
    """A console that takes no word for markup and passes on nothing unseen."""

    def __init__(self, **more: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **more)

    def render_str(self, text: str, **more: Any) -> Text:
        """Return ``text`` as it may be shown, whoever wrote it."""
        return super().render_str(visible(text), **more)


def console() -> Console:
    """Return a console on stdout; wide enough for a table when nobody watches."""
    screen = Screen()
    return screen if screen.is_terminal else Screen(width=WIDE)


def echo(said: object = "", *, nl: bool = True, err: bool = False) -> None:
    """Print a line or many on stdout, or on stderr; nothing unseen gets through.

    Everything the command line prints goes through here or through ``console``.
    """
    typer.echo(visible(str(said)), nl=nl, err=err)


def passed_on(line: str) -> None:
    """Print a line of a file letter by letter to where it is kept; a terminal is shown it."""
    typer.echo(visible(line) if sys.stdout.isatty() else line, nl=False)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Return one line of parts, each plain or with its style, as it may be shown."""
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((one_line(text), style) for text, style in pairs))


def local(at: datetime) -> str:
    """Return a moment as people in China read it, to the minute."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def as_json(value: Any) -> None:
    """Print ``value`` as JSON, indented, with Chinese left readable."""
    typer.echo(escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str)))


def table(
    words: Words, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Table:
    """Return a table of ``columns``, headed by their words; what is in it is no markup."""
    shown = Table(title=styled(title), title_justify="left", title_style="bold")
    for column in columns:
        shown.add_column(words.of("column", column), overflow="fold")
    for row in rows:
        shown.add_row(*(Text(visible(cell(row.get(column)))) for column in columns))
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
            echo(row[key])
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
