"""What became of each delivery: in line, begun, delivered, failed or given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import sqlalchemy as sa

from engine.deliveries.intake import WRITE_LOCK
from engine.deliveries.tables import CHECKPOINT, DELIVERY, SCRIPTS
from engine.ledger.database import exclusive, migrate
from engine.record import Record

TRIES = 14
"""Calls before an event is given up: the last one 24 hours after the first."""

State: TypeAlias = Literal["waiting", "delivering", "delivered", "failed", "dead"]
"""``delivering`` lasts for one call; found by another process it means that a host died."""

HOST_DIED = "worker_absent: the host died during the call"
IN_LINE: tuple[State, ...] = ("waiting", "delivering", "failed")
ERROR_LIMIT = 200


class Delivery(Record):
    """One event for one plugin; ``attempts`` counts calls begun, times are ISO moments.

    ``version`` is that of the plugin when it was last tried, at ``tried_at``; it has not
    taken the event since ``failed_at``.
    """

    key: str
    plugin: str
    cycle: str
    unit: str
    rehearsal: bool
    event_id: str
    position: int
    kind: str
    state: State
    attempts: int
    error: str
    next_try: str
    delivered_at: str
    version: str = ""
    failed_at: str = ""
    tried_at: str = ""


class Lane(Record):
    """The events of one cycle that wait for one plugin: the first holds back the others."""

    plugin: str
    cycle: str


def backoff(attempts: int) -> timedelta:
    """Return the pause after ``attempts`` calls: 1 minute, doubled, at most 4 hours."""
    return timedelta(minutes=min(2 ** (attempts - 1), 240))


class Outcomes:
    """Rows in the ledger's own database; every change is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        migrate(engine, SCRIPTS, "deliveries_version")

    def lanes(self, plugins: Iterable[str]) -> list[Lane]:
        """Return where events wait for ``plugins``, the oldest first."""
        oldest = sa.func.min(DELIVERY.c.position)
        query = (
            sa.select(DELIVERY.c.plugin, DELIVERY.c.cycle)
            .where(DELIVERY.c.state.in_(IN_LINE), DELIVERY.c.plugin.in_(list(plugins)))
            .group_by(DELIVERY.c.plugin, DELIVERY.c.cycle)
            .order_by(oldest, DELIVERY.c.plugin)
        )
        with self.engine.connect() as connection:
            return [Lane.model_validate(dict(r)) for r in connection.execute(query).mappings()]

    def reached(self, plugin: str) -> int:
        """Return the position up to which events were put in line for ``plugin``."""
        query = sa.select(CHECKPOINT.c.position).where(CHECKPOINT.c.plugin == plugin)
        with self.engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def first(self, lane: Lane) -> Delivery | None:
        """Return the delivery whose turn it is in ``lane``."""
        query = sa.select(DELIVERY).where(
            DELIVERY.c.state.in_(IN_LINE), DELIVERY.c.plugin == lane.plugin,
            DELIVERY.c.cycle == lane.cycle,
        )  # fmt: skip
        found = self._read(query.order_by(DELIVERY.c.position).limit(1))
        return found[0] if found else None

    def letters(
        self, states: Iterable[State] = ("dead",), *, plugin: str | None = None
    ) -> list[Delivery]:
        """Return the deliveries in these states in the order of the ledger."""
        query = sa.select(DELIVERY).where(DELIVERY.c.state.in_(list(states)))
        if plugin is not None:
            query = query.where(DELIVERY.c.plugin == plugin)
        return self._read(query.order_by(DELIVERY.c.position, DELIVERY.c.plugin))

    def begin(self, delivery: Delivery, *, now: datetime, version: str = "") -> bool:
        """Note a call of ``version`` before it is made; False gives up after ``TRIES``.

        The next try is set already: a plugin that ends its host does not do so at once
        again, and others have their turn.
        """
        if delivery.attempts >= TRIES:
            self._mark(delivery.key, state="dead", error=delivery.error or HOST_DIED)
            return False
        attempts = delivery.attempts + 1
        again = (now + backoff(attempts)).isoformat()
        self._mark(
            delivery.key, state="delivering", attempts=attempts, error="", next_try=again,
            version=version, tried_at=now.isoformat(),
        )  # fmt: skip
        return True

    def delivered(self, delivery: Delivery, *, now: datetime) -> None:
        """Note that the plugin took the event."""
        self._mark(
            delivery.key, state="delivered", error="", next_try="",
            delivered_at=now.isoformat(), failed_at="",
        )  # fmt: skip

    def failed(self, delivery: Delivery, error: str, *, now: datetime) -> State:
        """Note why the plugin did not take the event; return the new state."""
        attempts = delivery.attempts + 1
        dead = attempts >= TRIES
        again = "" if dead else (now + backoff(attempts)).isoformat()
        state: State = "dead" if dead else "failed"
        self._mark(
            delivery.key, state=state, error=error[:ERROR_LIMIT], next_try=again,
            failed_at=delivery.failed_at or now.isoformat(),
        )  # fmt: skip
        return state

    def retry(self, key: str | None = None, *, plugin: str | None = None) -> int:
        """Put failed and given-up events back in line; return how many these were.

        Args:
            key: The one to put back; None takes all.
            plugin: Only those of this plugin.
        """
        row = sa.update(DELIVERY).where(DELIVERY.c.state.in_(("failed", "dead")))
        if key is not None:
            row = row.where(DELIVERY.c.key == key)
        if plugin is not None:
            row = row.where(DELIVERY.c.plugin == plugin)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            return connection.execute(
                row.values(state="waiting", attempts=0, next_try="")
            ).rowcount

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[Delivery]:
        with self.engine.connect() as connection:
            return [
                Delivery.model_validate(dict(row))
                for row in connection.execute(query).mappings()
            ]

    def _mark(self, key: str, **values: object) -> None:
        with exclusive(self.engine, WRITE_LOCK) as connection:
            connection.execute(sa.update(DELIVERY).where(DELIVERY.c.key == key).values(values))
