"""Follow the ledger for one plugin; rows and its checkpoint change in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from engine.deliveries.subscriptions import Subscription
from engine.deliveries.tables import CHECKPOINT, DELIVERY
from engine.ledger.database import exclusive
from engine.ledger.port import Ledger, Recorded
from engine.plan.delivered import Delivered
from engine.record import Record

WRITE_LOCK = 7_214_007
PAGE = 200
ROOMS = ("cycle", "issue")
"""Streams of which plugins hear: those that belong to a cycle, and so to a unit."""

IsOn: TypeAlias = Callable[[str, str], bool]
"""Says whether a plugin is on for a unit."""


class Home(Record):
    """The unit a cycle belongs to, and whether the cycle is a rehearsal."""

    unit: str
    rehearsal: bool


class Intake:
    """Takes in events for plugins; what happens while one is off for a unit passes it by."""

    def __init__(self, ledger: Ledger, engine: sa.Engine, is_on: IsOn) -> None:
        self._ledger = ledger
        self._engine = engine
        self._is_on = is_on
        self._homes: dict[str, Home | None] = {}

    def follow(self, subscription: Subscription) -> int:
        """Put every new event the plugin wants in line; return how many there were."""
        count, position = 0, self._checkpoint(subscription)
        while page := self._ledger.read(after=position, limit=PAGE):
            rows = list(self._rows(subscription, page))
            position = page[-1].position
            with exclusive(self._engine, WRITE_LOCK) as connection:
                count += _insert(connection, rows)
                _set_checkpoint(connection, subscription.plugin, position)
        return count

    def read(self, position: int) -> Delivered:
        """Return the event at ``position`` as a plugin is told of it."""
        (recorded,) = self._ledger.read(after=position - 1, limit=1)
        event = recorded.event
        return Delivered(
            event_id=event.event_id, position=position, stream=event.stream,
            version=event.version, kind=event.kind, schema_version=event.schema_version,
            at=_moment(recorded), data=event.data,
        )  # fmt: skip

    def _checkpoint(self, subscription: Subscription) -> int:
        """Return where the plugin stands; one never seen before begins where it asks to."""
        query = sa.select(CHECKPOINT.c.position)
        query = query.where(CHECKPOINT.c.plugin == subscription.plugin)
        with self._engine.connect() as connection:
            position = connection.scalar(query)
        if position is not None:
            return int(position)
        first = self._ledger.head().position if subscription.start == "now" else 0
        with exclusive(self._engine, WRITE_LOCK) as connection:
            _set_checkpoint(connection, subscription.plugin, first)
        return first

    def _rows(
        self, subscription: Subscription, page: Iterable[Recorded]
    ) -> Iterator[dict[str, Any]]:
        for recorded in page:
            event = recorded.event
            if event.kind not in subscription.kinds:
                continue
            room, cycle, *_ = event.stream.split("/")
            home = self._home(cycle) if room in ROOMS else None
            if home is None or not self._is_on(subscription.plugin, home.unit):
                continue
            yield {
                "key": f"{subscription.plugin}/{event.event_id}", "cycle": cycle,
                "plugin": subscription.plugin, "unit": home.unit, "rehearsal": home.rehearsal,
                "event_id": event.event_id, "position": recorded.position,
                "kind": event.kind, "state": "waiting", "attempts": 0, "error": "",
                "next_try": "", "delivered_at": "", "version": "", "failed_at": "",
                "tried_at": "",
            }  # fmt: skip

    def _home(self, cycle: str) -> Home | None:
        """Return where ``cycle`` belongs, by its first event; None when it says nothing."""
        if cycle not in self._homes:
            first = self._ledger.read(stream=f"cycle/{cycle}", limit=1)
            data = first[0].event.data if first else {}
            unit, rehearsal = data.get("unit"), data.get("rehearsal") is True
            self._homes[cycle] = (
                Home(unit=unit, rehearsal=rehearsal) if isinstance(unit, str) else None
            )
        return self._homes[cycle]


def _moment(recorded: Recorded) -> datetime:
    """Return when it happened by the cycle's calendar, else when it was written down."""
    try:
        at = datetime.fromisoformat(recorded.event.data["at"])
    except (KeyError, TypeError, ValueError):
        return recorded.recorded_at
    return at if at.tzinfo else recorded.recorded_at


def _insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> int:
    """Add the rows that are not there yet and return how many these were."""
    keys = [row["key"] for row in rows]
    query = sa.select(DELIVERY.c.key).where(DELIVERY.c.key.in_(keys))
    known = set(connection.scalars(query))
    fresh = [row for row in rows if row["key"] not in known]
    if fresh:
        connection.execute(sa.insert(DELIVERY), fresh)
    return len(fresh)


def _set_checkpoint(connection: sa.Connection, plugin: str, position: int) -> None:
    connection.execute(sa.delete(CHECKPOINT).where(CHECKPOINT.c.plugin == plugin))
    connection.execute(sa.insert(CHECKPOINT).values(plugin=plugin, position=position))
