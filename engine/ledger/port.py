"""What a ledger is, whoever keeps it.

LedgerError
├── EventCollisionError     same id, other content: an incident
├── ExpectedVersionError    a stream would get a gap
└── LedgerUnavailableError  the database cannot be reached
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime

from engine.record import EventEnvelope, Record, canonical_json

GENESIS = "0" * 64
"""The hash before the first event."""


class LedgerError(Exception):
    """Base of everything that goes wrong with a ledger."""


class EventCollisionError(LedgerError):
    """An event id came again with other content: somebody rewrote the past."""


class ExpectedVersionError(LedgerError):
    """An event is not the next of its stream."""


class LedgerUnavailableError(LedgerError):
    """The database cannot be reached; nothing was written."""


class Recorded(Record):
    """An event as the ledger keeps it; ``position`` counts from 1 over all streams."""

    position: int
    event: EventEnvelope
    hash: str
    recorded_at: AwareDatetime


class Head(Record):
    """Where the ledger stands: the last position and the hash that vouches for all."""

    position: int
    hash: str


class Verdict(Record):
    """What a check of the chain found; ``first_bad`` is a position."""

    ok: bool
    checked: int
    head: Head
    first_bad: int | None = None
    reason: str = ""


class Ledger(Protocol):
    """An append-only memory of events; ``append`` may be repeated without harm."""

    def append(self, events: Sequence[EventEnvelope]) -> Head:
        """Write all of ``events`` or none, skipping those already written.

        Raises:
            EventCollisionError: an event is there with other content.
            ExpectedVersionError: an event is not the next of its stream.
            LedgerUnavailableError: the database cannot be reached.
        """

    def read(
        self,
        *,
        after: int = 0,
        limit: int = 500,
        stream: str | None = None,
        prefix: str | None = None,
    ) -> list[Recorded]:
        """Return up to ``limit`` events behind position ``after``, oldest first.

        ``stream`` reads one stream; ``prefix`` every stream whose name begins with it,
        letter by letter, and is not empty.
        """

    def head(self) -> Head:
        """Return the last position and its hash; position 0 when empty."""

    def verify(self, *, expected: Head | None = None) -> Verdict:
        """Recompute the chain from the first stored byte to the last."""


def stored_bytes(event: EventEnvelope) -> str:
    """Return the event as it is stored and hashed: canonical JSON."""
    return canonical_json(event.model_dump(mode="json"))


def chained(previous: str, stored: str) -> str:
    """Return the hash of ``stored`` in a chain whose last hash is ``previous``."""
    return hashlib.sha256(f"{previous}\n{stored}".encode()).hexdigest()
