"""Show what hangs on the wall today, without a text: ``python -m wall_notice FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine import today

from .kept import wall
from .page import SUSPENDED
from .wall import Row, hanging

USAGE = "python -m wall_notice FOLDER"


def main(words: Sequence[str], *, today: date) -> str:
    """Return one line a row: which issue, until when, and whether somebody objects.

    Raises:
        SystemExit: wrong usage; the reason is the message.
    """
    if len(words) != 1:
        raise SystemExit(USAGE)
    rows = hanging(wall(Path(words[0])), today)
    suspended = sum(row.suspended for row in rows)
    foot = f"{today} 墙上 {len(rows)} 件,暂缓 {suspended} 件"
    return "\n".join([*map(_line, rows), foot])


def _line(row: Row) -> str:
    line = f"{row.cycle}/{row.issue} {row.first} — {row.last} 时限 {row.due or '—'}"
    return f"{line} {SUSPENDED}" if row.suspended else line


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
