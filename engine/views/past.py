"""A cycle as it stood at a position of the ledger, or at the end of a day.

A day is one of the cycle's own calendar, in China (UTC+8). A turn of a rehearsal's
calendar belongs to the day it leads to. See docs/reports.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from typing import Any

from engine.beginnings import OPENINGS, well_placed
from engine.cycle.events import AnyEvent, ClockAdvanced, CyclePlanned, VoteCounted
from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.cycle.state import Cycle
from engine.ledger.export import every
from engine.ledger.port import Ledger, Recorded
from engine.policy.calendar import local_day
from engine.record import Record

OPENING = OPENINGS["cycle"]


class NoSuchMomentError(Exception):
    """That day or position has not come; ``zh | en``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """A past moment: behind event ``position``, or at the end of ``day``, or both.

    With both, the events up to ``position`` count and ``day`` is today.
    """

    position: int | None = None
    day: date | None = None


NOW = AsOf()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event of a cycle with its position in the ledger."""

    position: int
    event: AnyEvent

    @property
    def at(self) -> datetime:
        """Return when it happened, by the cycle's calendar."""
        return self.event.to if isinstance(self.event, ClockAdvanced) else self.event.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A cycle as it stood: after event ``position``, which happened ``at``, on ``day``.

    ``day`` is today for everything that asks: lights, days left, overdue. ``votes`` are
    the motions counted so far.
    """

    cycle: Cycle
    position: int
    at: datetime
    day: date
    votes: tuple[VoteCounted, ...] = ()


class Stated(Record):
    """What every report states: of which cycle, after which event, on which day."""

    cycle: str
    unit: str
    position: int
    at: datetime
    day: date


def head(past: Past) -> dict[str, Any]:
    """Return what ``Stated`` states of ``past``."""
    return {
        "cycle": past.cycle.id, "unit": past.cycle.unit, "position": past.position,
        "at": past.at, "day": past.day,
    }  # fmt: skip


def events_of(ledger: Ledger, name: str, *, until: int) -> tuple[Placed, ...]:
    """Return the events of cycle ``name`` and of its issues up to position ``until``.

    None where they do not begin with its opening.
    """
    own, issues = every(ledger, stream=f"cycle/{name}"), every(ledger, prefix=f"issue/{name}/")
    merged = [r for r in merge(own, issues, key=_position) if r.position <= until]
    begun = merged and merged[0].event.kind == OPENING and well_placed(merged[0].event)
    return placed(merged) if begun else ()


def placed(records: Iterable[Recorded]) -> tuple[Placed, ...]:
    """Return the events inside ``records``."""
    return tuple(Placed(position=r.position, event=event_of(r.event)) for r in records)


def _position(recorded: Recorded) -> int:
    return recorded.position


def past(events: tuple[Placed, ...], as_of: AsOf, *, wall: datetime) -> Past | None:
    """Return the cycle of ``events`` as it stood then, or as it stands at ``wall``.

    None when it was not there yet.

    Raises:
        NoSuchMomentError: the day has not come in the cycle's calendar.
    """
    before = _until(events, as_of)
    if not before:
        return None
    cycle, last = folded(p.event for p in before), before[-1]
    return Past(
        cycle=cycle, position=last.position, at=last.at,
        day=_day(events, before, as_of, wall),
        votes=tuple(p.event for p in before if isinstance(p.event, VoteCounted)),
    )  # fmt: skip


def _until(events: tuple[Placed, ...], as_of: AsOf) -> tuple[Placed, ...]:
    """Return the events that had happened: up to the position, or the last of the day."""
    if as_of.position is not None:
        return tuple(p for p in events if p.position <= as_of.position)
    if as_of.day is None:
        return events
    inside = (n for n, p in enumerate(events, 1) if local_day(p.at) <= as_of.day)
    return events[: max(inside, default=0)]


def _day(
    events: tuple[Placed, ...], before: tuple[Placed, ...], as_of: AsOf, wall: datetime
) -> date:
    """Return the day that is today: the one asked for, the last event's, or the real one."""
    if as_of.day is None and as_of.position is not None:
        return local_day(before[-1].at)
    today = _today(events, wall)
    if as_of.day is not None and as_of.day > today:
        name, day = _name(events), as_of.day
        raise NoSuchMomentError(
            f"{name}:{day} 还没有到,它的今天是 {today} | "
            f"{name}: {day} has not come, it is {today} there"
        )
    return as_of.day or today


def _name(events: tuple[Placed, ...]) -> str:
    first = events[0].event
    assert isinstance(first, CyclePlanned)
    return first.cycle


def _today(events: tuple[Placed, ...], wall: datetime) -> date:
    """Return today in the cycle's calendar, never before the day of its last event."""
    turns = (p.event for p in reversed(events))
    shift = next(e.clock_shift_s for e in turns if isinstance(e, CyclePlanned | ClockAdvanced))
    return local_day(max(wall + timedelta(seconds=shift), events[-1].at))
