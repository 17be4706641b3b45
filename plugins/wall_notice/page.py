"""The wall as a page to print: four columns and nothing else, each row screened again.

The plugin holds references only. Whoever may read the texts calls ``render`` and gives
the function that opens one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from engine import screened

from .wall import Row

COLUMNS = ("问题", "措施", "时限", "负责人")
TEXTS = ("problem", "measures", "responsible")
STYLE = """
body { font: 14pt/1.6 "Songti SC", SimSun, serif; margin: 2cm; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid; padding: .3em .6em; text-align: left; vertical-align: top; }
tr { break-inside: avoid; } thead { display: table-header-group; }
@page { size: A4 landscape; margin: 1.5cm; }
"""
SUSPENDED = "有异议,暂缓销号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, and in ``blocked`` a sentence for each row that may not be on it."""

    html: str
    blocked: tuple[str, ...]


def render(rows: Iterable[Row], opened: Callable[[str], str | None], *, day: date) -> Page:
    """Return the page of ``day`` with every row that may be shown.

    Args:
        rows: What hangs on the wall that day, see ``wall.hanging``.
        opened: Returns the text behind a reference, None when its key is destroyed.
        day: Stands at the foot of the page.
    """
    lines: list[str] = []
    blocked: list[str] = []
    for row in rows:
        texts = {name: opened(getattr(row, name)) if getattr(row, name) else None
                 for name in TEXTS}  # fmt: skip
        if wrong := _wrong(row, texts):
            blocked += wrong
        else:
            lines.append(_line(row, texts))
    return Page(html=_page(lines, day), blocked=tuple(blocked))


def _wrong(row: Row, texts: dict[str, str | None]) -> list[str]:
    """Return why the row may not hang: a text is not there, or holds what names a person."""
    missing = [
        f"{row.name}.{name} 没有内容,不予上墙 | {row.name}.{name} has no text; it is not shown"
        for name, text in texts.items()
        if not text
    ]
    there = {name: text for name, text in texts.items() if text}
    return missing + [str(refusal) for refusal in screened(there, issue=row.name)]


def _line(row: Row, texts: dict[str, str | None]) -> str:
    due = row.due or "—"
    if row.suspended:
        due += f" ({SUSPENDED})"
    cells = (texts["problem"], texts["measures"], due, texts["responsible"])
    return "<tr>" + "".join(f"<td>{escape(cell or '')}</td>" for cell in cells) + "</tr>"


def _page(lines: list[str], day: date) -> str:
    head = "".join(f"<th>{column}</th>" for column in COLUMNS)
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>整改公示</title>'
        f"<style>{STYLE}</style></head><body>\n<h1>整改公示</h1>\n<table>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(lines)
        + "\n</tbody>\n</table>\n"
        f"<p>{day.isoformat()} · 如有异议,请向支部书记提出</p>\n</body></html>\n"
    )
