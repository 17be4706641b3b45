"""A ledger in memory, for tests of what stands on a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

from engine.ledger.chain import check
from engine.ledger.port import (
    GENESIS,
    EventCollisionError,
    ExpectedVersionError,
    Head,
    Recorded,
    Verdict,
    chained,
    stored_bytes,
)
from engine.record import EventEnvelope

WRITTEN = datetime(2021, 1, 1, tzinfo=UTC)


class InMemoryLedger:
    """Keeps what it is given, by the same contract as the databases."""

    def __init__(self) -> None:
        self._rows: list[Recorded] = []

    def append(self, events: Sequence[EventEnvelope]) -> Head:
        """Write all or none; see ``Ledger``."""
        rows = list(self._rows)
        for event in events:
            known = {r.event.event_id: r.event for r in rows}
            if event.event_id in known:
                if known[event.event_id] != event:
                    raise EventCollisionError(event.event_id)
                continue
            if event.version != 1 + sum(r.event.stream == event.stream for r in rows):
                raise ExpectedVersionError(event.event_id)
            previous = rows[-1].hash if rows else GENESIS
            hashed = chained(previous, stored_bytes(event))
            rows.append(
                Recorded(position=len(rows) + 1, event=event, hash=hashed, recorded_at=WRITTEN)
            )
        self._rows = rows
        return self.head()

    def read(
        self,
        *,
        after: int = 0,
        limit: int = 500,
        stream: str | None = None,
        prefix: str | None = None,
    ) -> list[Recorded]:
        """Return up to ``limit`` events behind ``after``."""
        wanted = (
            r for r in self._rows[after:]
            if stream in (None, r.event.stream) and r.event.stream.startswith(prefix or "")
        )  # fmt: skip
        return list(islice(wanted, limit))

    def head(self) -> Head:
        """Return the last position and its hash."""
        last = self._rows[-1] if self._rows else None
        return (
            Head(position=last.position, hash=last.hash)
            if last
            else Head(position=0, hash=GENESIS)
        )

    def verify(self, *, expected: Head | None = None) -> Verdict:
        """Recompute the chain."""
        rows = ((r.position, stored_bytes(r.event), r.hash, True) for r in self._rows)
        return check(rows, expected)
