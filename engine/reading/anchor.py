"""The audit's head, noted in the ledger each day: whoever cuts one has to cut both."""

from __future__ import annotations

from datetime import datetime

from engine.ledger.export import every
from engine.ledger.port import Head, Ledger
from engine.reading.events import ReadingsAnchored, event_of
from engine.reading.written import written
from engine.vault.port import Vault

STREAM = "anchor/readings"


def anchored(ledger: Ledger) -> Head | None:
    """Return the head the ledger noted last, or None before the first."""
    noted = [event_of(r) for r in every(ledger, stream=STREAM)]
    last = noted[-1] if noted else None
    if not isinstance(last, ReadingsAnchored):
        return None
    return Head(position=last.position, hash=last.head)


def anchor(ledger: Ledger, vault: Vault, *, now: datetime) -> None:
    """Note where the audit stands, unless nothing was read since."""
    head = vault.verify_reads().head
    if head == anchored(ledger) or head.position == 0:
        return
    noted = ReadingsAnchored(at=now, by="engine", position=head.position, head=head.hash)
    written(ledger, STREAM, lambda _: noted, command=f"anchor-{head.position}")
