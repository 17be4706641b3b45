"""What people read: cycles and histories from the views, reports from the ledger itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from engine.beginnings import well_placed
from engine.campaign.parse import event_of, stream_of
from engine.campaign.rollup import CampaignRollUp, rolled_up
from engine.campaign.state import Campaign, folded
from engine.cycle.state import Cycle
from engine.ledger.export import every
from engine.ledger.port import Ledger, Recorded
from engine.record import Record
from engine.views.lookback import Draw, draws
from engine.views.past import NOW, AsOf, NoSuchMomentError, Past, events_of, past
from engine.views.projector import STATE, Projector
from engine.views.tables import LIVE


class CycleRow(Record):
    """One cycle in a list."""

    cycle: str
    unit: str
    status: str
    issues: int
    closed: int


History: TypeAlias = list[dict[str, Any]]

BETWEEN_TWO = ("Criticism", "Talk", "Verdict", "Appeal", "Retaliation")
"""Beginnings of kinds whose actors side by side say who criticised or talked with whom."""


class Readings:
    """Reads the views after bringing them up to date with the ledger."""

    def __init__(self, ledger: Ledger, projector: Projector) -> None:
        self._ledger = ledger
        self._projector = projector

    def reached(self) -> int:
        """Return the position the views had reached when somebody last read them."""
        return self._projector.reached()

    def cycles(self) -> tuple[CycleRow, ...]:
        """Return every cycle with how many of its issues are closed."""
        self._projector.catch_up()
        view, found, closed = LIVE.cycle, _counter("found"), _counter("closed")
        query = (
            sa.select(view.c.cycle, view.c.unit, view.c.status, found.c.value, closed.c.value)
            .outerjoin(found, found.c.cycle == view.c.cycle)
            .outerjoin(closed, closed.c.cycle == view.c.cycle)
            .order_by(view.c.cycle)
        )
        with self._projector.engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            CycleRow(cycle=cycle, unit=unit, status=status, issues=issues, closed=done)
            for cycle, unit, status, issues, done in rows
        )

    def cycle(self, name: str) -> Cycle | None:
        """Return the cycle as the ledger has it, or None when it knows none."""
        self._projector.catch_up()
        query = sa.select(LIVE.cycle.c.state).where(LIVE.cycle.c.cycle == name)
        with self._projector.engine.connect() as connection:
            stored = connection.scalar(query)
        return STATE.validate_json(str(stored)) if stored else None

    def of_unit(self, unit: str) -> tuple[Cycle, ...]:
        """Return every cycle of ``unit`` as the ledger has it."""
        self._projector.catch_up()
        query = sa.select(LIVE.cycle.c.state).where(LIVE.cycle.c.unit == unit)
        with self._projector.engine.connect() as connection:
            stored = connection.scalars(query.order_by(LIVE.cycle.c.cycle)).all()
        return tuple(STATE.validate_json(str(state)) for state in stored)

    def counts(self, name: str) -> dict[str, int]:
        """Return the counters of a cycle."""
        query = sa.select(LIVE.counter).where(LIVE.counter.c.cycle == name)
        with self._projector.engine.connect() as connection:
            return {str(r.counter): int(r.value) for r in connection.execute(query)}

    def past(self, name: str, as_of: AsOf, *, wall: datetime) -> Past | None:
        """Return a cycle as it stood then; None when it was not there, or never was.

        Raises:
            NoSuchMomentError: that day or position has not come.
        """
        events = events_of(self._ledger, name, until=self._last(as_of))
        return past(events, as_of, wall=wall)

    def pasts(self, units: str, as_of: AsOf, *, wall: datetime) -> tuple[Past, ...]:
        """Return every cycle there was then of a unit whose id begins with ``units``.

        All of them are read up to one and the same position.
        """
        last = self._last(as_of)
        names = (row.cycle for row in self.cycles() if row.unit.startswith(units))
        events = (events_of(self._ledger, name, until=last) for name in names)
        return tuple(p for some in events if (p := past(some, as_of, wall=wall)))

    def draws(self, name: str) -> tuple[Draw, ...]:
        """Return every draw of look-backs of a cycle, made again."""
        return draws(events_of(self._ledger, name, until=self._last(NOW)))

    def campaign(self, name: str) -> CampaignRollUp | None:
        """Return a campaign as the ledger has it, by tier; None when it knows none."""
        state = self.campaign_state(name)
        return rolled_up(state) if state else None

    def campaign_state(self, name: str) -> Campaign | None:
        """Return a campaign as its events left it; None when the ledger knows none."""
        records = list(every(self._ledger, stream=stream_of(name)))
        if not records or not well_placed(records[0].event):
            return None
        return folded(event_of(r.event) for r in records)

    def campaigns(self) -> tuple[Campaign, ...]:
        """Return every campaign as its events left it."""
        streams = {r.event.stream: None for r in every(self._ledger, prefix="campaign/")}
        found = (self.campaign_state(stream.partition("/")[2]) for stream in streams)
        return tuple(campaign for campaign in found if campaign)

    def _last(self, as_of: AsOf) -> int:
        """Return the last position that counts."""
        last = self._ledger.head().position
        if as_of.position is not None and as_of.position > last:
            raise NoSuchMomentError(f"台账只到第 {last} 条 | the ledger ends with event {last}")
        return last

    def history(self, stream: str) -> History:
        """Return the events of ``stream``, oldest first, with position and actor.

        Who did what is between two is left out (P05, P06).
        """
        return [
            {
                "position": r.position, "version": r.event.version, "kind": r.event.kind,
                "at": r.event.data.get("at"), "by": _actor(r),
                "command": r.event.command,
            }
            for r in every(self._ledger, stream=stream)
        ]  # fmt: skip


def _actor(recorded: Recorded) -> str | None:
    between_two = recorded.event.kind.startswith(BETWEEN_TWO)
    return None if between_two else recorded.event.data.get("by")


def _counter(name: str) -> sa.Subquery:
    """Return the rows of one counter."""
    return sa.select(LIVE.counter).where(LIVE.counter.c.counter == name).subquery(name)
