"""What is counted of issues, and how: every number is a projection of events.

The definitions stand in docs/reports.md. Source: domain 3.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from engine.issue.deadlines import overdue
from engine.issue.signoff import verifiers_needed
from engine.issue.state import SETTLED, Issue, Measure, Status
from engine.policy.calendar import local_day

APPLIED: frozenset[Status] = frozenset(
    {"submitted", "verifying", "mass_review", "noticed", "closed"}
)


def claimed(issue: Issue) -> bool:
    """Say whether somebody claimed the issue; a successor named at archiving claims none."""
    return issue.account is not None


def closed_on(issue: Issue) -> date | None:
    """Return the day of the closing that holds; None while the issue is not closed."""
    return local_day(issue.closed_at[-1]) if issue.status == "closed" else None


def on_time(issue: Issue) -> bool:
    """Say whether the issue was closed by the original deadline of its round."""
    day = closed_on(issue)
    return day is not None and issue.deadline is not None and day <= issue.deadline.original


def reviewed(issue: Issue) -> bool:
    """Say whether the public's answers count: all in, and at least the minimum sample."""
    review = issue.review
    return review is not None and review.counted and review.answers >= review.min_sample


def days_overdue(issue: Issue, day: date) -> int:
    """Return the calendar days past the present deadline; 0 when it is not overdue."""
    if issue.deadline is None or not overdue(issue, day):
        return 0
    return (day - issue.deadline.current).days


def verified(issue: Issue) -> int:
    """Return how many measures have as many thorough verdicts as the issue needs."""
    needed = verifiers_needed(issue)
    return _measures(issue, lambda m: len(set(m.verified_by)) >= needed)


def _measures(issue: Issue, test: Callable[[Measure], bool]) -> int:
    return sum(map(test, issue.measures))


def _is(status: Status) -> Callable[[Issue], int]:
    return lambda issue: issue.status == status


COUNTED: dict[str, Callable[[Issue], int]] = {
    "found": lambda _: 1,
    "claimed": claimed,
    "merged": _is("merged"),
    "explained": _is("explained"),
    "out_of_remit": _is("out_of_remit"),
    "withdrawn": _is("withdrawn"),
    "measures": lambda issue: len(issue.measures),
    "measures_done": lambda issue: _measures(issue, lambda m: m.done),
    "measures_verified": verified,
    "applied": lambda issue: issue.status in APPLIED,
    "closed": _is("closed"),
    "open": lambda issue: issue.open,
    "settled": lambda issue: issue.status in SETTLED,
    "long_term": lambda issue: issue.open and issue.long_term is not None,
    "to_close": lambda issue: claimed(issue) and issue.status != "withdrawn",
    "closed_with_due": lambda issue: issue.status == "closed" and issue.deadline is not None,
    "closed_on_time": on_time,
    "late_reports": lambda issue: issue.account is not None and issue.account.late,
    "extensions": lambda issue: issue.extended,
    "answers": lambda issue: sum(answers for answers, _ in issue.polls),
    "satisfied": lambda issue: sum(satisfied for _, satisfied in issue.polls),
    "returned": lambda issue: issue.returned,
    "rejected": lambda issue: issue.rejected,
    "reopened": lambda issue: issue.round - 1,
}
"""Counter to what one issue adds to it; none asks what day it is."""


def counts(issues: Iterable[Issue]) -> dict[str, int]:
    """Return the counters of ``issues``; what the public rejected counts as no completion."""
    listed = list(issues)
    return {name: sum(int(adds(i)) for i in listed) for name, adds in COUNTED.items()}
