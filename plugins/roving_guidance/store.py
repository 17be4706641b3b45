"""Where the plugin keeps what it knows of a unit."""

from __future__ import annotations

from pathlib import Path

from engine import FactFile

from .facts import FACTS, GuidanceFact
from .rounds import Register, fold


def kept(folder: Path) -> FactFile[GuidanceFact, Register]:
    """Return the file of the rounds and findings of the unit."""
    return FactFile(folder / "guidance.db", FACTS, fold)
