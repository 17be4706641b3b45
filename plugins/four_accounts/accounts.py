"""The four days of each issue, from events alone; they never go backwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One issue: 建账, 交账, 查账, 销账. Once handed in late, ``late`` for ever.

    ``irregular`` says that the ledger cleared what had not been checked; the view shows
    no 销账 then.
    """

    cycle: str
    issue: int
    opened: date | None = None
    handed_in: date | None = None
    checked: date | None = None
    cleared: date | None = None
    late: bool = False
    irregular: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """Return the days there are, in the order of the accounts."""
        four = (self.opened, self.handed_in, self.checked, self.cleared)
        return tuple(day for day in four if day is not None)


Key: TypeAlias = tuple[str, int]
Accounts: TypeAlias = Mapping[Key, Account]
BACK = ("IssueReturned", "MassRejected", "RedoNoticeIssued", "IssueReopened")
"""The work begins anew: what was handed in is to be handed in again."""


def evolve(
    accounts: Accounts, cycle: str, kind: str, data: Mapping[str, Any], day: date
) -> Accounts:
    """Return the accounts after an event of ``day``. Never refuses."""
    key = (cycle, data["issue"])
    account = accounts.get(key, Account(cycle=cycle, issue=data["issue"]))
    return {**accounts, key: _moved(account, kind, data, day)}


def _moved(account: Account, kind: str, data: Mapping[str, Any], day: date) -> Account:
    match kind:
        case "IssueClaimed" if account.opened is None:
            return replace(account, opened=day)
        case "SignOffApplied":
            late = account.late or data.get("late", False)
            return replace(account, handed_in=day, checked=None, late=late)
        case "VerdictGiven" if account.handed_in:
            return replace(account, checked=day)
        case "IssueClosed":
            in_order = account.checked is not None and account.checked <= day
            return (
                replace(account, cleared=day) if in_order else replace(account, irregular=True)
            )
        case "ObjectionDecided" if data["outcome"] == "upheld":
            return replace(account, checked=None, cleared=None)
        case _ if kind in BACK:
            return replace(account, handed_in=None, checked=None, cleared=None)
        case _:
            return account


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many issues have come how far; each stage counts those of the later ones too."""

    opened: int
    handed_in: int
    checked: int
    cleared: int
    late: int


def tally(accounts: Iterable[Account]) -> Tally:
    """Return the counts over ``accounts``."""
    found = tuple(accounts)
    return Tally(
        opened=sum(a.opened is not None for a in found),
        handed_in=sum(a.handed_in is not None for a in found),
        checked=sum(a.checked is not None for a in found),
        cleared=sum(a.cleared is not None for a in found),
        late=sum(a.late for a in found),
    )
