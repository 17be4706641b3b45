"""Read the ledger from one end to the other, by page."""

from __future__ import annotations

from collections.abc import Iterator

from engine.ledger.port import Ledger, Recorded

PAGE = 500


def every(
    ledger: Ledger, *, stream: str | None = None, prefix: str | None = None
) -> Iterator[Recorded]:
    """Yield every event of the ledger, of one stream or of those under ``prefix``, by page."""
    after = 0
    while page := ledger.read(after=after, limit=PAGE, stream=stream, prefix=prefix):
        yield from page
        after = page[-1].position
