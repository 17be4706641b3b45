"""List, link, complete and show: ``python -m practical_deeds FOLDER COMMAND name=value``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from engine import today

from .deeds import Board, Deed, Refused, check
from .facts import DeedCompleted, DeedFact, DeedLinked, DeedListed
from .store import kept

COMMANDS: dict[str, type[DeedFact]] = {
    "add": DeedListed, "link": DeedLinked, "complete": DeedCompleted,
}  # fmt: skip
USAGE = "python -m practical_deeds FOLDER add|link|complete|deeds|issues name=value ..."
TOGETHER = {
    "open": "实事在办",
    "deed_done": "实事已办结,可以销号",
    "both_done": "实事已办结,问题已销号",
    "closed_before_deed": "问题已销号,实事未办结,请核实",
}


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown.

    Raises:
        SystemExit: wrong usage, or refused; the reason is the message.
    """
    if len(words) < 2:
        raise SystemExit(USAGE)
    folder, name, *rest = words
    if name in ("deeds", "issues"):
        return (_deeds if name == "deeds" else _issues)(kept(Path(folder)).state())
    if name not in COMMANDS:
        raise SystemExit(USAGE)
    given = dict(word.partition("=")[::2] for word in rest)
    try:
        kept(Path(folder)).ask(COMMANDS[name].model_validate({**given, "on": today}), check)
    except ValidationError as wrong:
        raise SystemExit("; ".join(f"{e['loc']}: {e['msg']}" for e in wrong.errors())) from None
    except Refused as refused:
        raise SystemExit(str(refused)) from None
    return "已记 | noted"


def _deeds(found: Board) -> str:
    """Return one line a deed with the issues it answers."""
    return "\n".join(
        f"{deed.id} {_done(deed)} "
        + ", ".join(f"{cycle}/{n} {_closed(found, (cycle, n))}" for cycle, n in deed.issues)
        for deed in found.deeds.values()
    )


def _issues(found: Board) -> str:
    """Return one line a linked issue with its deeds."""
    linked = sorted(key for key in found.issues if found.linked(key))
    return "\n".join(
        f"{cycle}/{n} {TOGETHER[found.together((cycle, n))]}: "
        + ", ".join(f"{deed.id} {_done(deed)}" for deed in found.linked((cycle, n)))
        for cycle, n in linked
    )


def _done(deed: Deed) -> str:
    return f"{deed.completed} 办结" if deed.completed else f"在办,{deed.due} 前"


def _closed(found: Board, key: tuple[str, int]) -> str:
    closed = found.issues[key].closed
    return f"{closed} 销号" if closed else "整改中"


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
