"""Where the plugin keeps what it knows of a unit."""

from __future__ import annotations

from pathlib import Path

from engine import FactFile

from .facts import FACTS, ForumFact
from .forums import Intakes, fold


def kept(folder: Path) -> FactFile[ForumFact, Intakes]:
    """Return the file of the forums of the unit by cycle."""
    return FactFile(folder / "forums.db", FACTS, fold)
