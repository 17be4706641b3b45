"""The statistics: counters that add up, and rates with numerator and denominator.

A tally of several cycles is the sum of theirs; a rate is never summed, it is computed
from the sums. Source: domain 3.7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import get_args

from engine.cycle.state import Cycle
from engine.cycle.talks import to_talk, untalked
from engine.issue.deadlines import Standing, overdue, standing
from engine.record import Record
from engine.views.counts import counts, days_overdue
from engine.views.past import Past, Stated, head

RATES: dict[str, tuple[str, str]] = {
    "closure": ("closed", "to_close"),
    "on_time": ("closed_on_time", "closed_with_due"),
    "mass": ("satisfied", "answers"),
    "measures_done": ("measures_done", "measures"),
    "measures_verified": ("measures_verified", "measures"),
    "talks": ("talked", "to_talk"),
    "attendance": ("present", "due"),
}
"""Rate to the counters that are its numerator and its denominator."""

STANDINGS: tuple[Standing, ...] = get_args(Standing)


class Rate(Record):
    """A part of a whole; ``percent`` is empty when there is no whole."""

    numerator: int
    denominator: int
    percent: str


class Tally(Record):
    """Everything that is counted; ``standings`` add up to the issues found.

    ``opinions`` are by channel: sheets issued, returned, valid, and opinions on them.
    ``longest_overdue`` is in calendar days, the largest of all and no sum.
    """

    counts: dict[str, int]
    standings: dict[str, int]
    opinions: dict[str, dict[str, int]]
    longest_overdue: int


class Statistics(Stated):
    """The statistics of one cycle."""

    tally: Tally
    rates: dict[str, Rate]


class Child(Stated):
    """One cycle in a roll-up."""

    status: str
    rehearsal: bool
    tally: Tally


class Gathered(Record):
    """Cycles that are shown as one sum: of units ``below`` a unit, or of all if it is empty."""

    below: str
    units: int
    cycles: int
    rehearsals: int
    tally: Tally


class RollUp(Record):
    """Several cycles: each child states its own position; ``total`` is the sum of all.

    ``position`` and ``at`` are those of the last event of them all. ``reader`` is as whom
    it is shown, and ``gathered`` what that reader sees without names.
    """

    units: str
    position: int
    at: datetime | None
    children: tuple[Child, ...]
    total: Tally
    rates: dict[str, Rate]
    reader: str | None = None
    gathered: tuple[Gathered, ...] = ()


def statistics(past: Past) -> Statistics:
    """Return the statistics of the cycle as it stood."""
    counted = tally(past.cycle, past.day)
    return Statistics(**head(past), tally=counted, rates=rates(counted.counts))


def rolled_up(pasts: Iterable[Past], *, units: str = "") -> RollUp:
    """Return the cycles together; ``units`` is the prefix they were chosen by."""
    return added(tuple(map(_child, pasts)), {}, units=units)


def added(
    named: Iterable[Child], gathered: Mapping[str, Sequence[Child]], *, units: str,
    reader: str | None = None,
) -> RollUp:  # fmt: skip
    """Return the sum of what is ``named`` and of what is ``gathered`` below a unit."""
    children = tuple(named)
    every = (*children, *chain.from_iterable(gathered.values()))
    total = summed(child.tally for child in every)
    last = max(every, key=lambda child: child.position, default=None)
    return RollUp(
        units=units, position=last.position if last else 0, at=last.at if last else None,
        children=children, total=total, rates=rates(total.counts), reader=reader,
        gathered=tuple(_gathered(below, gathered[below]) for below in sorted(gathered)),
    )  # fmt: skip


def _gathered(below: str, children: Sequence[Child]) -> Gathered:
    return Gathered(
        below=below, units=len({child.unit for child in children}), cycles=len(children),
        rehearsals=sum(child.rehearsal for child in children),
        tally=summed(child.tally for child in children),
    )  # fmt: skip


def _child(past: Past) -> Child:
    cycle = past.cycle
    return Child(
        **head(past), status=cycle.status, rehearsal=cycle.rehearsal,
        tally=tally(cycle, past.day),
    )  # fmt: skip


def tally(cycle: Cycle, day: date) -> Tally:
    """Return what is counted of ``cycle``; ``day`` is today for what is overdue."""
    standings = Counter(standing(issue, day) for issue in cycle.issues)
    return Tally(
        counts={
            **counts(cycle.issues),
            "overdue": sum(overdue(issue, day) for issue in cycle.issues),
            **_of_the_meeting(cycle),
        },
        standings={name: standings[name] for name in STANDINGS},
        opinions=_opinions(cycle),
        longest_overdue=max((days_overdue(i, day) for i in cycle.issues), default=0),
    )  # fmt: skip


def summed(tallies: Iterable[Tally]) -> Tally:
    """Return the sum: of every counter, standing and channel."""
    listed = list(tallies) or [tally_of_nothing()]
    channels = sorted({channel for t in listed for channel in t.opinions})
    return Tally(
        counts=_sum(t.counts for t in listed),
        standings=_sum(t.standings for t in listed),
        opinions={c: _sum(t.opinions.get(c, {}) for t in listed) for c in channels},
        longest_overdue=max(t.longest_overdue for t in listed),
    )


def tally_of_nothing() -> Tally:
    """Return the tally of no cycle at all: every counter there, and 0."""
    meeting = dict.fromkeys(("overdue", *MEETING), 0)
    return Tally(
        counts={**counts(()), **meeting}, standings=dict.fromkeys(STANDINGS, 0), opinions={},
        longest_overdue=0,
    )  # fmt: skip


def rates(counted: Mapping[str, int]) -> dict[str, Rate]:
    """Return every rate of ``RATES``."""
    return {name: rate(counted[over], counted[of]) for name, (over, of) in RATES.items()}


def rate(numerator: int, denominator: int) -> Rate:
    """Return the rate in percent: 39 of 40 is 97.5%, and 100% is said of a whole alone.

    Rounded down to one decimal, so 1999 of 2000 is 99.9%.
    """
    if not denominator:
        return Rate(numerator=numerator, denominator=0, percent="")
    whole, tenth = divmod(numerator * 1000 // denominator, 10)
    shown = f"{whole}.{tenth}%" if tenth else f"{whole}%"
    return Rate(numerator=numerator, denominator=denominator, percent=shown)


def unanimous(answered: Rate) -> bool:
    """Say whether 一致好评 may be said: everybody asked was satisfied, and somebody was."""
    return 0 < answered.denominator == answered.numerator


MEETING = ("to_talk", "talked", "talks", "criticisms", "confirmed", "replied", "due", "present")
"""The counters of preparation and meeting; ``due`` and ``present`` over all meetings."""


def _of_the_meeting(cycle: Cycle) -> dict[str, int]:
    due = to_talk(cycle)
    held = [t for t in cycle.talks.values() if t.counts]
    items = cycle.criticisms
    return dict(
        zip(
            MEETING,
            (
                len(due), len(due) - len(untalked(cycle)), len(held), len(items),
                sum(item.confirmed for item in items), sum(bool(item.reply) for item in items),
                sum(len(meeting.due) for meeting in cycle.meetings),
                sum(len(meeting.present) for meeting in cycle.meetings),
            ),
            strict=True,
        )
    )  # fmt: skip


def _opinions(cycle: Cycle) -> dict[str, dict[str, int]]:
    found: dict[str, list[dict[str, int]]] = {}
    for batch in cycle.batches.values():
        found.setdefault(batch.channel, []).append({
            "issued": batch.issued, "returned": batch.returned, "valid": batch.valid,
            "opinions": batch.opinions,
        })  # fmt: skip
    return {channel: _sum(batches) for channel, batches in sorted(found.items())}


def _sum(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, value in part.items():
            total[name] = total.get(name, 0) + value
    return total
