"""The three lists of one ledger: same issues, same order, never edited on their own.

Source: domain 2.8, T06 to T08.
"""

from __future__ import annotations

from datetime import date

from engine.issue.commands import Track
from engine.issue.state import Issue
from engine.policy.roles import SUPERIOR
from engine.record import Content, Record
from engine.views.past import Past, Stated, head


class IssueRow(Record):
    """List 1, 问题清单: what was found, who claimed it, and where it stands."""

    issue: int
    category: str
    severity: str
    subject_kind: str
    sources: tuple[str, ...]
    content: Content
    claimant: str | None
    status: str


class MeasureRow(Record):
    """List 2, 整改清单: what is done about it, on which track, from when to when.

    ``due`` is the original day, ``until`` the day as extensions have moved it.
    """

    issue: int
    measure: int
    content: Content
    standard: Content
    track: Track | None
    start: date | None
    due: date
    until: date
    percent: int
    done: bool


class DutyRow(Record):
    """List 3, 责任清单: who answers for it, who judged it, and who is above."""

    issue: int
    owner: str
    verifiers: tuple[str, ...]
    approvers: tuple[str, ...]
    superior: tuple[str, ...]


class ThreeLists(Stated):
    """The three lists of one ledger: same issues, same order, one position."""

    issues: tuple[IssueRow, ...]
    measures: tuple[MeasureRow, ...]
    duties: tuple[DutyRow, ...]


def lists_of(past: Past) -> ThreeLists:
    """Return the three lists of the cycle as it stood."""
    issues = past.cycle.issues
    superior = past.cycle.holders(SUPERIOR)
    return ThreeLists(
        **head(past),
        issues=tuple(_issue_row(issue) for issue in issues),
        measures=tuple(row for issue in issues for row in _measure_rows(issue)),
        duties=tuple(_duty_row(issue, superior) for issue in issues),
    )


def _issue_row(issue: Issue) -> IssueRow:
    return IssueRow(
        issue=issue.number, category=issue.category, severity=issue.severity,
        subject_kind=issue.subject_kind, sources=issue.sources, content=issue.content,
        claimant=issue.owner, status=issue.status,
    )  # fmt: skip


def _measure_rows(issue: Issue) -> list[MeasureRow]:
    track = issue.deadline.track if issue.deadline else None
    start = issue.account.registered if issue.account else None
    return [
        MeasureRow(
            issue=issue.number, measure=number, content=m.content, standard=m.standard,
            track=track, start=start, due=m.due, until=m.until, percent=m.percent, done=m.done,
        )
        for number, m in enumerate(issue.measures, 1)
    ]  # fmt: skip


def _duty_row(issue: Issue, superior: tuple[str, ...]) -> DutyRow:
    verifiers = dict.fromkeys(v for m in issue.measures for v in m.verified_by)
    return DutyRow(
        issue=issue.number, owner=issue.owner or "", verifiers=tuple(verifiers),
        approvers=tuple(by for _, by in issue.approvals), superior=superior,
    )  # fmt: skip
