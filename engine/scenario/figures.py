"""Numbers of played scenarios, from the ledger, and whether they are the article's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.cycle.guests import invited
from engine.cycle.state import Cycle
from engine.record import Record
from engine.scenario.acts import Title
from engine.scenario.found import Found
from engine.scenario.suite import AtLeast, Figure, Source
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import Past
from engine.views.statistics import tally

Numbers: TypeAlias = Mapping[str, int]


class Counted(Record):
    """A figure with the number that was counted; None where nothing of that name was."""

    place: Title
    what: Title
    article: int | AtLeast | None
    invented: bool
    counted: int | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted: by cycle or campaign, in snapshots by label, and seen in a play.

    Names are those of the files, whatever a cycle was called when it was played.
    """

    ends: dict[str, Numbers] = field(default_factory=dict)
    snapshots: dict[tuple[str, str], Numbers] = field(default_factory=dict)
    seen: dict[str, Numbers] = field(default_factory=dict)

    def of(self, source: Source) -> int | None:
        """Return the number of ``source``, summed over its cycles; None when one lacks it."""
        if source.play is not None:
            return self.seen.get(source.play, {}).get(source.count)
        names = (source.campaign,) if source.campaign else source.cycles
        found = [self._table(name, source.snapshot).get(source.count) for name in names]
        numbers = [number for number in found if number is not None]
        return sum(numbers) if len(numbers) == len(found) else None

    def _table(self, name: str, snapshot: str | None) -> Numbers:
        if snapshot is None:
            return self.ends.get(name, {})
        return self.snapshots.get((snapshot, name), {})


def judged(figures: Iterable[Figure], counts: Counts) -> tuple[Counted, ...]:
    """Return each figure with what was counted, and whether it holds."""
    return tuple(_judged(figure, counts.of(figure.counted)) for figure in figures)


def _judged(figure: Figure, number: int | None) -> Counted:
    return Counted(
        place=figure.place, what=figure.what, article=figure.article,
        invented=figure.invented is not None, counted=number,
        holds=number is not None and _holds(figure, number),
    )  # fmt: skip


def _holds(figure: Figure, number: int) -> bool:
    said = figure.article
    if isinstance(said, AtLeast):
        if number < said.at_least:
            return False
    elif said is not None and number != said:
        return False
    return figure.invented is None or number == figure.invented


def numbers_of(past: Past) -> Numbers:
    """Return every number of a cycle by name; see docs/scenarios.md."""
    counted, cycle = tally(past.cycle, past.day), past.cycle
    numbers = {**counted.counts, "members": len(cycle.members())}
    numbers["meetings"] = len(cycle.meetings)
    numbers |= {f"standings.{where}": n for where, n in counted.standings.items()}
    for channel, sheets in counted.opinions.items():
        numbers |= {f"opinions.{channel}.{name}": n for name, n in sheets.items()}
    stages = Counter(
        f"member_steps.{stage}"
        for members in cycle.member_steps.values()
        for stage, _ in members.values()
    )
    replies = Counter(f"replies.{item.reply}" for item in cycle.criticisms if item.reply)
    return {
        **numbers, **stages, **replies, **_batches(cycle), **_guests(cycle),
        **_kept(lists_of(past)),
    }  # fmt: skip


def _batches(cycle: Cycle) -> Counter[str]:
    """Return the sheets of batches whose ids differ in their number alone, together."""
    found: Counter[str] = Counter()
    for name, batch in cycle.batches.items():
        stem = re.sub(r"-?\d+$", "", name)
        found[f"batches.{stem}"] += 1
        for sheets in ("issued", "returned", "valid", "opinions"):
            found[f"batches.{stem}.{sheets}"] += getattr(batch, sheets)
    return found


def _guests(cycle: Cycle) -> Numbers:
    guests = cycle.guests.values()
    return {
        "invited": len(invited(cycle)) if cycle.plan else 0,
        "spoke": sum(bool(guest.spoke_in) for guest in guests),
        "full_session": sum(guest.before_opening and guest.present for guest in guests),
    }


def _kept(lists: ThreeLists) -> Numbers:
    """Return how many of the three lists are kept, and whether all are about the same."""
    rows = [
        tuple(dict.fromkeys(row.issue for row in kept))
        for kept in (lists.issues, lists.measures, lists.duties)
    ]
    same = bool(rows[0]) and len(set(rows)) == 1
    return {"lists.kept": sum(map(bool, rows)), "lists.agree": int(same)}


def numbers_found(found: Found) -> Numbers:
    """Return every number of a snapshot by name."""
    standings = {f"standings.{where}": n for where, n in found.standings.items()}
    return {**found.counts, **standings, "spoke": found.spoke, "invited": found.invited}
