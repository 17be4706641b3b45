"""Where the plugin keeps what it knows of a unit."""

from __future__ import annotations

from pathlib import Path

from engine import FactFile

from .deeds import Board, fold
from .facts import FACTS, DeedFact


def kept(folder: Path) -> FactFile[DeedFact, Board]:
    """Return the file of the deeds and issues."""
    return FactFile(folder / "deeds.db", FACTS, fold)
