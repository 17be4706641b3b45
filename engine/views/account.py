"""The account (四账): one row an issue, from 建账 over 交账 and 查账 to 销账.

Source: domain 2.8, T09, and 3.1.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.issue import lights
from engine.issue.commands import Method, Track
from engine.issue.deadlines import Standing, standing
from engine.issue.state import SETTLED, Issue
from engine.policy.pack import Policy
from engine.record import Record
from engine.views.counts import closed_on, reviewed, verified
from engine.views.past import Past, Stated, head
from engine.views.statistics import rate


class AccountRow(Record):
    """One issue of the account.

    ``days_left`` are calendar days, negative once the deadline is past, and None for an
    issue that has ended. ``late`` says that it was once handed in late, for ever.
    ``mass_rate`` is empty until enough answers are in. ``disposition`` says how the
    issue ended, when it has.
    """

    issue: int
    sources: tuple[str, ...]
    category: str
    severity: str
    subject_kind: str
    owner: str | None
    track: Track | None
    measures: int
    measures_done: int
    measures_verified: int
    original_due: date | None
    current_due: date | None
    extensions: int
    light: str
    days_left: int | None
    standing: Standing
    registered: date | None
    reported: date | None
    checked: date | None
    cleared: date | None
    late: bool
    mass_method: Method | None
    sample: int
    satisfied: int
    mass_rate: str
    notice_from: date | None
    notice_to: date | None
    objection: bool
    closed_on: date | None
    round: int
    disposition: str | None
    merged_into: int | None
    successor: str | None


class Account(Stated):
    """The account of one cycle, in the order of its three lists."""

    rows: tuple[AccountRow, ...]


def account_of(past: Past) -> Account:
    """Return the account of the cycle as it stood."""
    policy, day = past.cycle.pinned_policy, past.day
    return Account(**head(past), rows=tuple(_row(i, policy, day) for i in past.cycle.issues))


def _row(issue: Issue, policy: Policy, day: date) -> AccountRow:
    rule = lights.light(issue, policy, day)
    return AccountRow(
        issue=issue.number, sources=issue.sources, category=issue.category,
        severity=issue.severity, subject_kind=issue.subject_kind, owner=issue.owner,
        measures=len(issue.measures), measures_done=sum(m.done for m in issue.measures),
        measures_verified=verified(issue), light=rule.colour if rule else lights.OUT,
        days_left=_days_left(issue, day), standing=standing(issue, day),
        objection=issue.open_objection, closed_on=closed_on(issue), round=issue.round,
        disposition=_disposition(issue), merged_into=issue.merged_into,
        successor=issue.successor, **_deadline(issue), **_four(issue), **_mass(issue),
        **_notice(issue),
    )  # fmt: skip


def _days_left(issue: Issue, day: date) -> int | None:
    """Return the days to what the light counts to: the deadline, or the next review."""
    seen = lights.seen(issue)
    return (seen.due - day).days if seen and issue.open else None


def _disposition(issue: Issue) -> str | None:
    if issue.status == "closed":
        return "rectified"
    return issue.status if issue.status in SETTLED else None


def _deadline(issue: Issue) -> dict[str, Any]:
    due = issue.deadline
    return {
        "track": due.track if due else None, "original_due": due.original if due else None,
        "current_due": due.current if due else None, "extensions": due.extensions if due else 0,
    }  # fmt: skip


def _four(issue: Issue) -> dict[str, Any]:
    account = issue.account
    days = ("registered", "reported", "checked", "cleared")
    four = {day: getattr(account, day) if account else None for day in days}
    return {**four, "late": account.late if account else False}


def _mass(issue: Issue) -> dict[str, Any]:
    review = issue.review
    if review is None:
        return {"mass_method": None, "sample": 0, "satisfied": 0, "mass_rate": ""}
    shown = rate(review.satisfied, review.answers).percent if reviewed(issue) else ""
    return {
        "mass_method": review.method, "sample": review.answers, "satisfied": review.satisfied,
        "mass_rate": shown,
    }  # fmt: skip


def _notice(issue: Issue) -> dict[str, Any]:
    notice = issue.notice
    return {
        "notice_from": notice.first if notice else None,
        "notice_to": notice.last if notice else None,
    }
