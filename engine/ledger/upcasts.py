"""Upcasts: how an event written by an older version is read today.

An upcaster takes the data of one schema version and returns that of the next. It is
pure and total, and once released it never changes; tests/ledger/corpus keeps one
example of every version ever written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from engine.record import EventEnvelope

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTS: dict[tuple[str, int], Upcaster] = {}
"""(event kind, schema version) to the step up; empty while every kind is at version 1."""


def upcast(
    event: EventEnvelope, upcasts: Mapping[tuple[str, int], Upcaster] = UPCASTS
) -> EventEnvelope:
    """Return ``event`` lifted to the newest schema version of its kind."""
    data, version = event.data, event.schema_version
    while (event.kind, version) in upcasts:
        data = upcasts[event.kind, version](data)
        version += 1
    if version == event.schema_version:
        return event
    return EventEnvelope(
        stream=event.stream,
        version=event.version,
        kind=event.kind,
        command=event.command,
        data=data,
        schema_version=version,
    )
