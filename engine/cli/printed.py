"""A report as sections: tables on a screen, or Markdown for the printer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.cli.show import cell, console, table
from engine.cli.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a report: its title, its columns by name, its rows."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


def on_screen(words: Words, sections: Iterable[Section]) -> None:
    """Print every section as a table; nothing, when one of them may not be read."""
    screen = console()
    for section in tuple(sections):
        screen.print(table(words, section.title, section.columns, section.rows))


def markdown(words: Words, title: str, sections: Iterable[Section]) -> str:
    """Return the report as one Markdown document, ready to be printed."""
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", "", *_table(words, section), ""]
    return "\n".join(lines)


def _table(words: Words, section: Section) -> list[str]:
    heads = [words.of("column", column) for column in section.columns]
    rows = [[cell(row.get(column)) for column in section.columns] for row in section.rows]
    return [_line(heads), _line(["---"] * len(heads)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    kept = (c.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for c in cells)
    return f"| {' | '.join(kept)} |"
