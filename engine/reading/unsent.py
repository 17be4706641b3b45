"""Texts that were sealed and never arrived: no event carries them, nor anything else.

A command that is refused takes its texts back at once. What is left is of those that nobody
answered, or whose sender was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.cycle.events import APPELLANT
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.reading.glass import ROOM as GLASS
from engine.vault.sealing import references

SAFE = timedelta(days=30)
"""So long a text may be on its way. A command is tried for a minute; but one that was taken
waits in its workflow for the ledger, for as long as a database is down or a payload key is
missing, and that may last over the longest holidays."""

EVIDENCE = ("retention/", "erasure/", "export/", "anchor/")
"""Streams that repeat references of what is gone or handed out, and carry nothing."""


def carried(ledger: Ledger) -> Iterator[str]:
    """Yield every reference an event carries; breaking the glass carries the reason alone."""
    for event in (recorded.event for recorded in every(ledger)):
        if event.stream.startswith(f"{GLASS}/"):
            yield from references(event.data.get("reason"))
        elif not event.stream.startswith(EVIDENCE):
            yield from references(event.data)


def appealed(ledger: Ledger) -> Iterator[str]:
    """Yield the texts of appeals and complaints, which earlier versions sealed by name."""
    for event in (recorded.event for recorded in every(ledger, prefix="appeal/")):
        if event.data.get("by") == APPELLANT:
            yield from references(event.data)
