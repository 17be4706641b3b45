"""The passbook on disk: a file of facts that takes rows and gives none back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine import FactFile

from .book import Book, fold
from .commands import Command
from .decide import Events, decide
from .events import EVENTS, PassbookEvent, event_types

FILE = "passbook.db"


def kept(folder: Path) -> FactFile[PassbookEvent, Book]:
    """Return the file of the passbook; its table is that of the first passbooks."""
    return FactFile(folder / FILE, EVENTS, fold, event_types(), table="event")


def read(folder: Path) -> Book:
    """Return the passbook in ``folder``; an empty one when there is none."""
    return kept(folder).state()


def write(folder: Path, command: Command, *, today: date, key: str = "") -> Events:
    """Decide ``command`` and write down what it causes, in one transaction.

    Args:
        folder: Where the passbook lies.
        command: What is asked.
        today: The day it is asked on.
        key: What was written under it before is not written again.

    Raises:
        FactRefused: the rules of the passbook do not allow it; nothing is written.
    """
    return kept(folder).decide(lambda book: decide(book, command, today=today), key=key or None)
