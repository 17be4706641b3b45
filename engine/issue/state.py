"""An issue as it stands, and how each event changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeAlias, assert_never

from engine.issue import events as e
from engine.issue.commands import Scope, Severity, SourceKind, SubjectKind

Status: TypeAlias = Literal[
    "found",
    "claimed",
    "planned",
    "rectifying",
    "submitted",
    "verifying",
    "mass_review",
    "noticed",
    "closed",
    "reopened",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One action against the issue; ``verified_by`` are those who found it thorough."""

    content: str
    standard: str
    due: date
    percent: int = 0
    done: bool = False
    evidence: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MassReview:
    """What the public was asked and what it answered."""

    scope: Scope
    min_sample: int
    affected: int
    answers: int = 0
    satisfied: int = 0
    counted: bool = False
    no_review_approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The posted notice; ``expired`` once its window has passed."""

    audience: Literal["public", "internal"]
    first: date
    last: date
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Everything a decision about one issue may look at."""

    number: int
    content: str
    category: str
    sources: tuple[SourceKind, ...]
    subject_kind: SubjectKind
    subject: str | None
    critics: tuple[str, ...]
    severity: Severity
    found_at: datetime
    status: Status = "found"
    owner: str | None = None
    measures: tuple[Measure, ...] = ()
    review: MassReview | None = None
    approvals: tuple[tuple[Literal["committee", "superior"], str], ...] = ()
    notice: Notice | None = None
    open_objection: bool = False
    round: int = 1
    returned: int = 0
    rejected: int = 0
    closed_at: tuple[datetime, ...] = ()

    def measure(self, number: int) -> Measure | None:
        """Return measure ``number``, counted from 1, if there is one."""
        return self.measures[number - 1] if 1 <= number <= len(self.measures) else None


def found(event: e.IssueFound) -> Issue:
    """Return the issue that ``event`` brings into being."""
    return Issue(
        number=event.issue,
        content=event.content,
        category=event.category,
        sources=event.sources,
        subject_kind=event.subject_kind,
        subject=event.subject,
        critics=event.critics,
        severity=event.severity,
        found_at=event.at,
    )


def _with_measure(issue: Issue, number: int, measure: Measure) -> tuple[Measure, ...]:
    return tuple(measure if n == number else m for n, m in enumerate(issue.measures, 1))


def _at_work_again(issue: Issue, *, done: bool) -> Issue:
    """Return the issue with every later stage undone; evidence is kept."""
    measures = tuple(
        replace(m, done=m.done and done, verified_by=(), percent=m.percent if done else 0)
        for m in issue.measures
    )
    return replace(issue, measures=measures, review=None, approvals=(), notice=None)


def evolve(issue: Issue, event: e.IssueEvent) -> Issue:
    """Return the issue as it stands after ``event``. Never refuses."""
    match event:
        case e.IssueFound():
            return found(event)
        case e.IssueClaimed(owner=owner):
            return replace(issue, owner=owner, status="claimed")
        case e.MeasureAdded() | e.ProgressReported() | e.MeasureDone() | e.VerdictGiven():
            return _evolve_measure(issue, event)
        case e.SignOffApplied():
            return replace(issue, status="submitted")
        case e.IssueReturned(measure=number):
            measure = replace(issue.measures[number - 1], done=False, verified_by=())
            kept = _with_measure(issue, number, measure)
            return replace(
                issue, measures=kept, status="rectifying", returned=issue.returned + 1
            )
        case e.IssueReopened(round=number):
            return replace(_at_work_again(issue, done=False), status="reopened", round=number)
        case e.IssueClosed(at=at):
            return replace(issue, status="closed", closed_at=(*issue.closed_at, at))
        case _:
            return _evolve_acceptance(issue, event)


def _evolve_measure(
    issue: Issue, event: e.MeasureAdded | e.ProgressReported | e.MeasureDone | e.VerdictGiven
) -> Issue:
    if isinstance(event, e.MeasureAdded):
        added = Measure(content=event.content, standard=event.standard, due=event.due)
        status: Status = "planned" if issue.status == "claimed" else issue.status
        return replace(issue, measures=(*issue.measures, added), status=status)
    measure = issue.measures[event.measure - 1]
    status = "verifying" if isinstance(event, e.VerdictGiven) else "rectifying"
    match event:
        case e.ProgressReported(percent=percent):
            measure = replace(measure, percent=percent)
        case e.MeasureDone(evidence=evidence):
            kept = (*measure.evidence, *evidence)
            measure = replace(measure, done=True, percent=100, evidence=kept)
        case e.VerdictGiven(verdict="thorough", by=by):
            measure = replace(measure, verified_by=(*measure.verified_by, by))
        case e.VerdictGiven():
            pass
        case _ as unreachable:
            assert_never(unreachable)
    return replace(issue, measures=_with_measure(issue, event.measure, measure), status=status)


def _evolve_acceptance(
    issue: Issue,
    event: e.MassReviewOpened
    | e.MassReviewCounted
    | e.MassRejected
    | e.NoReviewApproved
    | e.IssueApproved
    | e.NoticePosted
    | e.ObjectionRaised
    | e.ObjectionDecided
    | e.NoticeExpired,
) -> Issue:
    match event:
        case e.MassReviewOpened(scope=scope, affected=affected, min_sample=least):
            review = MassReview(scope=scope, affected=affected, min_sample=least)
            return replace(issue, status="mass_review", review=review)
        case e.MassReviewCounted() | e.NoReviewApproved():
            return replace(issue, review=_reviewed(issue, event))
        case e.MassRejected():
            again = _at_work_again(issue, done=False)
            return replace(again, status="rectifying", rejected=issue.rejected + 1)
        case e.IssueApproved(level=level, by=by):
            return replace(issue, approvals=(*issue.approvals, (level, by)))
        case e.NoticePosted(audience=audience, first=first, last=last):
            notice = Notice(audience=audience, first=first, last=last)
            return replace(issue, status="noticed", notice=notice)
        case e.ObjectionRaised():
            return replace(issue, open_objection=True)
        case e.ObjectionDecided(outcome="rejected"):
            return replace(issue, open_objection=False)
        case e.ObjectionDecided():
            again = _at_work_again(issue, done=True)
            return replace(again, status="verifying", open_objection=False)
        case e.NoticeExpired():
            assert issue.notice is not None
            return replace(issue, notice=replace(issue.notice, expired=True))
        case _ as unreachable:
            assert_never(unreachable)


def _reviewed(issue: Issue, event: e.MassReviewCounted | e.NoReviewApproved) -> MassReview:
    assert issue.review is not None
    if isinstance(event, e.NoReviewApproved):
        return replace(issue.review, no_review_approved=True)
    return replace(issue.review, answers=event.answers, satisfied=event.satisfied, counted=True)
