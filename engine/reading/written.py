"""Write to a stream of reading: who was overtaken decides anew on what is there now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.ledger.export import every
from engine.ledger.port import EventCollisionError, ExpectedVersionError, Ledger
from engine.reading.events import ReadingEvent, enveloped, event_of

E = TypeVar("E", bound=ReadingEvent)
TRIES = 8

Decide = Callable[[Sequence[ReadingEvent]], E]


def written(ledger: Ledger, stream: str, decide: Decide[E], *, command: str) -> E:
    """Append what ``decide`` makes of the events of ``stream`` and return it.

    Raises:
        LedgerError: others were faster eight times in a row.
        Refused: whatever ``decide`` refuses; nothing is written.
    """
    for attempt in range(1, TRIES + 1):
        before = [event_of(r) for r in every(ledger, stream=stream)]
        event = decide(before)
        version = len(before) + 1
        try:
            ledger.append([enveloped(event, stream=stream, version=version, command=command)])
        except (EventCollisionError, ExpectedVersionError):
            if attempt == TRIES:
                raise
        else:
            return event
    raise AssertionError("the loop returns or raises")
