"""Originals are destroyed some time after their batch is closed; what is counted stays.

Source: domain P22.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from engine.opinions.batch import Batch
from engine.opinions.shutting import originals
from engine.vault.port import Vault

KEPT_DAYS = 90
"""Calendar days from closing to destruction; a recommendation, no rule says so."""


def due(batches: Iterable[Batch], *, today: date) -> tuple[Batch, ...]:
    """Return the batches whose originals have been kept long enough."""
    limit = today - timedelta(days=KEPT_DAYS)
    return tuple(b for b in batches if b.closed_on is not None and b.closed_on <= limit)


def destroy(vault: Vault, batches: Iterable[Batch], *, by: str) -> None:
    """Destroy the key of each batch's originals; again changes nothing."""
    for batch in batches:
        vault.destroy(originals(batch.id), by=by, reason="retention")
