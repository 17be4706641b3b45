"""A passbook as it stands, folded from its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from . import events as e

Dispute: TypeAlias = Literal["none", "open", "upheld", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A version of the rules: act to points, for acts from ``effective`` on."""

    version: int
    effective: date
    dispute_days: int
    points: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the passbook; ``points`` never change, a reversed one does not count."""

    posted: e.PointsPosted
    reversed: bool = False
    dispute: Dispute = "none"

    @property
    def counts(self) -> int:
        """Return the points the entry stands for now."""
        return 0 if self.reversed else self.posted.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything a decision may look at."""

    secretary: str = ""
    registrar: str = ""
    rules: tuple[Rules, ...] = ()
    entries: tuple[Entry, ...] = ()
    redeemed: Mapping[str, int] = field(default_factory=dict)
    published: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    def total(self, person: str) -> int:
        """Return what the person holds: posted, less reversed, less redeemed."""
        posted = sum(x.counts for x in self.entries if x.posted.person == person)
        return posted - self.redeemed.get(person, 0)

    def totals(self) -> dict[str, int]:
        """Return what everybody holds, by person: nobody is ranked."""
        return {who: self.total(who) for who in sorted({x.posted.person for x in self.entries})}

    def rules_on(self, day: date) -> Rules | None:
        """Return the rules that held for acts of ``day``."""
        holding = [rules for rules in self.rules if rules.effective <= day]
        return max(holding, key=lambda rules: (rules.effective, rules.version), default=None)

    def disputable_until(self, entry: Entry) -> date:
        """Return the last day on which the entry can be disputed."""
        (rules,) = (r for r in self.rules if r.version == entry.posted.version)
        return entry.posted.on + timedelta(days=rules.dispute_days)


def fold(events: Iterable[e.PassbookEvent]) -> Book:
    """Return the passbook after ``events``."""
    book = Book()
    for event in events:
        book = evolve(book, event)
    return book


def evolve(book: Book, event: e.PassbookEvent) -> Book:
    """Return the passbook as it stands after ``event``. Never refuses."""
    match event:
        case e.PassbookOpened():
            return replace(book, secretary=event.by, registrar=event.registrar)
        case e.RegistrarNamed():
            return replace(book, registrar=event.registrar)
        case e.RuleSetPublished():
            rules = Rules(
                version=event.version, effective=event.effective,
                dispute_days=event.dispute_days,
            )  # fmt: skip
            return replace(book, rules=(*book.rules, rules))
        case e.RulePublished():
            last = book.rules[-1]
            last = replace(last, points={**last.points, event.act: event.points})
            return replace(book, rules=(*book.rules[:-1], last))
        case e.PointsPosted():
            return replace(book, entries=(*book.entries, Entry(posted=event)))
        case e.PointsReversed():
            return _with(book, event.entry, reversed=True)
        case e.PointsDisputed():
            return _with(book, event.entry, dispute="open")
        case e.DisputeDecided():
            return _with(book, event.entry, dispute="upheld" if event.upheld else "rejected")
        case e.PointsRedeemed():
            spent = book.redeemed.get(event.person, 0) + event.points
            return replace(book, redeemed={**book.redeemed, event.person: spent})
        case e.PointsPublished():
            return replace(book, published={**book.published, event.publication: {}})
        case e.TotalPublished():
            lines = {**book.published[event.publication], event.person: event.points}
            return replace(book, published={**book.published, event.publication: lines})


def _with(book: Book, number: int, **change: Any) -> Book:
    changed = [
        replace(entry, **change) if entry.posted.entry == number else entry
        for entry in book.entries
    ]
    return replace(book, entries=tuple(changed))
