"""How each event changes an issue. Places facts, knows no rule, never refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any, TypeAlias, TypeVar

from engine.issue import events as e
from engine.issue.events import ENGINE
from engine.issue.evolve_work import WORK, at_work_again
from engine.issue.state import (
    CallBacks,
    Closing,
    Draft,
    Extension,
    Issue,
    Light,
    LongTerm,
    LookBackState,
    MassReview,
    Notice,
    found,
)
from engine.policy.calendar import local_day

DAYS_A_WEEK = 7

Place: TypeAlias = Callable[[Issue, Any], Issue]


def evolve(issue: Issue, event: e.IssueEvent) -> Issue:
    """Return the issue as it stands after ``event``. Never refuses."""
    placed = PLACES[type(event)](issue, event)
    return placed if event.by == ENGINE else replace(placed, touched=local_day(event.at))


def shifted(issue: Issue, days: int) -> Issue:
    """Return the issue with its running dates moved by ``days``: its clock was stopped."""
    by, deadline = timedelta(days=days), issue.deadline
    if not issue.open:
        return issue
    if issue.notice and not issue.notice.expired:
        weeks = timedelta(weeks=ceil(days / DAYS_A_WEEK))  # as many working days as before
        issue = replace(issue, notice=replace(issue.notice, last=issue.notice.last + weeks))
    if deadline is None:
        return issue
    deadline = replace(deadline, current=deadline.current + by, since=deadline.since + by)
    measures = tuple(m if m.done else replace(m, moved_to=m.until + by) for m in issue.measures)
    milestones = tuple(
        m if m.evidence else replace(m, due=m.due + by) for m in issue.milestones
    )
    return replace(
        issue, deadline=deadline, measures=measures, milestones=milestones,
        extension=_later(issue.extension, by, "to", "asked_on", "decide_by"),
        long_term=_later(_told_later(issue.long_term, by), by, "review_due", "approved_until"),
        call_backs=_later(issue.call_backs, by, "due"),
    )  # fmt: skip


def _told_later(held: LongTerm | None, by: timedelta) -> LongTerm | None:
    """Return the track with its reminders moved along, so that none is told twice."""
    return held and replace(held, told=tuple((what, due + by) for what, due in held.told))


T = TypeVar("T", Extension, LongTerm, CallBacks)


def _later(held: T | None, by: timedelta, *dates: str) -> T | None:
    return held and replace(held, **{name: getattr(held, name) + by for name in dates})


def _review_opened(issue: Issue, event: e.MassReviewOpened) -> Issue:
    review = MassReview(
        scope=event.scope, affected=event.affected, min_sample=event.min_sample,
        method=event.method,
    )  # fmt: skip
    return replace(issue, status="mass_review", review=review)


def _reviewed(issue: Issue, **changes: Any) -> Issue:
    assert issue.review is not None
    return replace(issue, review=replace(issue.review, **changes))


def _counted(issue: Issue, event: e.MassReviewCounted) -> Issue:
    issue = replace(issue, polls=(*issue.polls, (event.answers, event.satisfied)))
    return _reviewed(issue, answers=event.answers, satisfied=event.satisfied, counted=True)


def _rejected(issue: Issue, event: e.MassRejected) -> Issue:
    assert issue.review is not None
    again = at_work_again(issue, local_day(event.at), done=False)
    return replace(
        again, status="rectifying", rejected=issue.rejected + 1,
        rejected_from=(issue.review, issue.measures),
    )  # fmt: skip


def _contested(issue: Issue, _: e.RatingContested) -> Issue:
    if issue.rejected_from is None:
        return _reviewed(issue, contested=True)
    review, measures = issue.rejected_from
    return replace(issue, rejected_from=(replace(review, contested=True), measures))


def _rating_decided(issue: Issue, event: e.RatingDecided) -> Issue:
    if issue.rejected_from is not None:
        return _rejection_decided(issue, event)
    if event.outcome == "stands":
        return _reviewed(issue, contested=False)
    issue = replace(issue, polls=issue.polls[:-1])
    return _reviewed(issue, contested=False, counted=False, answers=0, satisfied=0)


def _rejection_decided(issue: Issue, event: e.RatingDecided) -> Issue:
    """Let the rejection stand, or put the work before the public again as it was."""
    assert issue.rejected_from is not None
    if event.outcome == "stands":
        return replace(issue, rejected_from=None)
    review, measures = issue.rejected_from
    asked = replace(review, counted=False, contested=False, answers=0, satisfied=0)
    return replace(
        issue, status="mass_review", review=asked, polls=issue.polls[:-1],
        measures=(*measures, *issue.measures[len(measures) :]), rejected_from=None,
        rejected=issue.rejected - 1,
    )  # fmt: skip


def _dissatisfied(issue: Issue, event: e.DissatisfiedDue) -> Issue:
    before = issue.call_backs.open if issue.call_backs else 0
    waiting = CallBacks(
        open=before + event.count, counted_on=local_day(event.at), due=event.due.day
    )
    return replace(issue, call_backs=waiting)


def _called_back(issue: Issue, event: e.CalledBack) -> Issue:
    assert issue.call_backs is not None
    left = issue.call_backs.open - event.persons
    return replace(issue, call_backs=replace(issue.call_backs, open=left) if left else None)


def _call_back_late(issue: Issue, _: e.CallBackLate) -> Issue:
    assert issue.call_backs is not None
    return replace(issue, call_backs=replace(issue.call_backs, late=True))


def _drafted(issue: Issue, event: e.NoticeDrafted) -> Issue:
    draft = Draft(by=event.by, audience=event.audience, first=event.first, last=event.last)
    return replace(issue, draft=draft)


def _cleared(issue: Issue, event: e.NoticeCleared) -> Issue:
    assert issue.draft is not None
    if event.outcome == "blocked":
        return replace(issue, draft=None)
    return replace(issue, draft=replace(issue.draft, cleared_by=event.by))


def _posted(issue: Issue, event: e.NoticePosted) -> Issue:
    notice = Notice(audience=event.audience, first=event.first, last=event.last)
    return replace(issue, status="noticed", notice=notice, draft=None)


def _objection_decided(issue: Issue, event: e.ObjectionDecided) -> Issue:
    if event.outcome == "rejected":
        return replace(issue, open_objection=False)
    again = at_work_again(issue, local_day(event.at), done=True)
    return replace(again, status="verifying", open_objection=False)


def _expired(issue: Issue, _: e.NoticeExpired) -> Issue:
    assert issue.notice is not None
    return replace(issue, notice=replace(issue.notice, expired=True))


def _closed(issue: Issue, event: e.IssueClosed) -> Issue:
    account = issue.account and replace(issue.account, cleared=local_day(event.at))
    return replace(
        issue, status="closed", closed_at=(*issue.closed_at, event.at), account=account,
        extension=None, rejected_from=None, held=(),
    )  # fmt: skip


def _closing_asked(issue: Issue, event: e.ClosingAsked) -> Issue:
    return replace(issue, closing=Closing(by=event.by, reason=event.reason), held=())


def _closing_reviewed(issue: Issue, event: e.ClosingReviewed) -> Issue:
    held = tuple(finding for finding in event.findings if finding.severity == "deny")
    return replace(issue, closing=None, held=held)


def _reopened(issue: Issue, event: e.IssueReopened) -> Issue:
    again = at_work_again(issue, local_day(event.at), done=False)
    return replace(
        again, status="reopened", round=event.round, look_back=None, drawn=False,
        long_term=None,
    )  # fmt: skip


def _light(issue: Issue, event: e.LightChanged) -> Issue:
    times = dict(issue.light.times) if issue.light else {}
    times[event.light] = times.get(event.light, 0) + 1
    lit = Light(colour=event.light, on=event.on, times=tuple(sorted(times.items())))
    return replace(issue, light=lit)


def _look_back_due(issue: Issue, event: e.LookBackDue) -> Issue:
    return replace(issue, look_back=LookBackState(due=event.due, told=True))


def _looked_back(issue: Issue, _: e.LookBackDone) -> Issue:
    assert issue.look_back is not None
    return replace(issue, look_back=replace(issue.look_back, done=True))


def _recalculated(issue: Issue, event: e.DatesRecalculated) -> Issue:
    extension, waiting = issue.extension, issue.call_backs
    if extension and event.decide_by:
        extension = replace(extension, decide_by=event.decide_by.day)
    if waiting and event.call_back_by:
        waiting = replace(waiting, due=event.call_back_by.day)
    return replace(issue, extension=extension, call_backs=waiting)


def _unchanged(issue: Issue, _: e.IssueEvent) -> Issue:
    return issue


PLACES: dict[type[e.IssueEvent], Place] = {
    **WORK,
    e.IssueFound: lambda _, event: found(event),
    e.MassReviewOpened: _review_opened,
    e.MassReviewCounted: _counted,
    e.MassRejected: _rejected,
    e.NoReviewApproved: lambda issue, _: _reviewed(issue, no_review_approved=True),
    e.RatingContested: _contested,
    e.RatingDecided: _rating_decided,
    e.DissatisfiedDue: _dissatisfied,
    e.CalledBack: _called_back,
    e.CallBackLate: _call_back_late,
    e.IssueApproved: lambda i, v: replace(i, approvals=(*i.approvals, (v.level, v.by))),
    e.NoticeDrafted: _drafted,
    e.NoticeCleared: _cleared,
    e.NoticePosted: _posted,
    e.NoticeTakenDown: _unchanged,
    e.ObjectionRaised: lambda issue, _: replace(issue, open_objection=True),
    e.ObjectionDecided: _objection_decided,
    e.NoticeExpired: _expired,
    e.ClosingAsked: _closing_asked,
    e.ClosingReviewed: _closing_reviewed,
    e.IssueClosed: _closed,
    e.IssueReopened: _reopened,
    e.LightChanged: _light,
    e.LookBackDue: _look_back_due,
    e.LookBackDone: _looked_back,
    e.DatesRecalculated: _recalculated,
}
"""Event to the function that places it; a test holds it to every kind there is."""
