"""List, link, complete and show: ``python -m practical_deeds FOLDER COMMAND name=value``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

from engine import today, typed

from .deeds import Board, Deed, check
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
    """Return what is to be shown; leaves with the reason when there is nothing."""
    return typed(
        words, USAGE, asks=COMMANDS, today=today,
        ask=lambda folder, fact: kept(folder).ask(fact, check),
        shows={
            "deeds": lambda folder, _: _deeds(kept(folder).state()),
            "issues": lambda folder, _: _issues(kept(folder).state()),
        },
    )  # fmt: skip


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
