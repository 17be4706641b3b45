"""What hangs on the wall, from events alone: references to texts, dates, never a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One issue; ``problem``, ``measures`` and ``responsible`` are sealed references.

    ``due`` is the deadline of the work, ``first`` and ``last`` the days on the wall.
    ``private`` issues are about a person and never hang here.
    """

    cycle: str
    issue: int
    problem: str = ""
    measures: str = ""
    responsible: str = ""
    due: str = ""
    first: date = date.max
    last: date = date.min
    suspended: bool = False
    private: bool = False

    @property
    def name(self) -> str:
        """Return what the row is called when it has to be named: ``<cycle>.<issue>``."""
        return f"{self.cycle}.{self.issue}"

    def hangs(self, today: date) -> bool:
        """Say whether the row is on the wall; it is taken down the day after its last."""
        return not self.private and self.first <= today <= self.last


Key: TypeAlias = tuple[str, int]
Wall: TypeAlias = Mapping[Key, Row]


def hanging(wall: Wall, today: date) -> tuple[Row, ...]:
    """Return the rows on the wall on ``today``, by cycle and issue."""
    return tuple(row for _, row in sorted(wall.items()) if row.hangs(today))


def evolve(wall: Wall, cycle: str, kind: str, data: Mapping[str, Any]) -> Wall:
    """Return the wall after an event. Never refuses; an unknown kind changes nothing."""
    key = (cycle, data["issue"])
    row = wall.get(key, Row(cycle=cycle, issue=data["issue"]))
    return {**wall, key: _row(row, kind, data)}


def _row(row: Row, kind: str, data: Mapping[str, Any]) -> Row:
    match kind:
        case "IssueFound":
            return replace(row, private=data["subject_kind"] == "member")
        case "DeadlineSet":
            return replace(row, due=data["due"])
        case "ExtensionDecided" if data["outcome"] == "granted":
            return replace(row, due=data["due"])
        case "NoticeDrafted" if data["audience"] == "public":
            texts = {name: data[name] for name in ("problem", "measures", "responsible")}
            return replace(row, **texts)
        case "NoticePosted" if data["audience"] == "public":
            first, last = (date.fromisoformat(data[day]) for day in ("first", "last"))
            return replace(row, first=first, last=last, suspended=False)
        case "ObjectionRaised":
            return replace(row, suspended=True)
        case "ObjectionDecided" if data["outcome"] == "rejected":
            return replace(row, suspended=False)
        case "ObjectionDecided" | "NoticeExpired" | "NoticeTakenDown" | "IssueReopened":
            return _down(row)
        case _:
            return row


def _down(row: Row) -> Row:
    """Return the row without a notice: it hangs no more until it is posted again."""
    return replace(row, first=date.max, last=date.min, suspended=False)
