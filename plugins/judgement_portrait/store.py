"""Where the plugin keeps what it knows of a unit."""

from __future__ import annotations

from pathlib import Path

from engine import FactFile

from .facts import FACTS, PortraitFact, event_types
from .portraits import Branches, fold


def kept(folder: Path) -> FactFile[PortraitFact, Branches]:
    """Return the file of the portraits of the unit by cycle."""
    return FactFile(folder / "portraits.db", FACTS, fold, event_types())
