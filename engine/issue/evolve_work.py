"""How the events of the work itself change an issue: claims, measures, deadlines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from engine.issue import events as e
from engine.issue.state import (
    Account,
    Deadline,
    Explained,
    Extension,
    Issue,
    LongTerm,
    Measure,
    Milestone,
    Status,
)
from engine.policy.calendar import local_day


def at_work_again(issue: Issue, day: date, *, done: bool) -> Issue:
    """Return the issue with every later stage undone; evidence is kept."""
    measures = tuple(
        replace(
            m, done=m.done and done, verified_by=(), on_site=False,
            percent=m.percent if done else 0,
        )
        for m in issue.measures
    )  # fmt: skip
    deadline = issue.deadline and replace(issue.deadline, since=day)
    account = issue.account and replace(issue.account, checked=None, cleared=None)
    if account and not done:
        account = replace(account, reported=None)
    return replace(
        issue, measures=measures, review=None, approvals=(), notice=None, draft=None, held=(),
        deadline=deadline, account=account,
    )  # fmt: skip


def with_measure(issue: Issue, number: int, measure: Measure) -> tuple[Measure, ...]:
    """Return the measures with number ``number`` replaced."""
    return tuple(measure if n == number else m for n, m in enumerate(issue.measures, 1))


def _claimed(issue: Issue, event: e.IssueClaimed) -> Issue:
    account = Account(registered=local_day(event.at))
    return replace(issue, owner=event.owner, status="claimed", account=account)


def _owned_by(issue: Issue, owner: str) -> Issue:
    past = (*issue.past_owners, issue.owner) if issue.owner else issue.past_owners
    return replace(issue, owner=owner, past_owners=tuple(dict.fromkeys(past)))


def _measure_added(issue: Issue, event: e.MeasureAdded) -> Issue:
    added = Measure(content=event.content, standard=event.standard, due=event.due)
    status: Status = "planned" if issue.status == "claimed" else issue.status
    return replace(issue, measures=(*issue.measures, added), status=status)


def _on_measure(issue: Issue, number: int, status: Status, **changes: Any) -> Issue:
    measure = replace(issue.measures[number - 1], **changes)
    return replace(issue, measures=with_measure(issue, number, measure), status=status)


def _done(issue: Issue, event: e.MeasureDone) -> Issue:
    kept = (*issue.measures[event.measure - 1].evidence, *event.evidence)
    return _on_measure(
        issue, event.measure, "rectifying", done=True, percent=100, evidence=kept
    )


def _judged(issue: Issue, event: e.VerdictGiven) -> Issue:
    if event.verdict == "partial":
        return replace(issue, status="verifying")
    measure = issue.measures[event.measure - 1]
    account = issue.account and replace(issue.account, checked=local_day(event.at))
    return _on_measure(
        replace(issue, account=account), event.measure, "verifying",
        verified_by=(*measure.verified_by, event.by), on_site=measure.on_site or event.on_site,
    )  # fmt: skip


def _returned(issue: Issue, event: e.IssueReturned) -> Issue:
    back = _on_measure(
        issue, event.measure, "rectifying", done=False, verified_by=(), on_site=False
    )
    deadline = back.deadline and replace(back.deadline, since=local_day(event.at))
    account = back.account and replace(back.account, reported=None, checked=None)
    return replace(back, returned=issue.returned + 1, deadline=deadline, account=account)


def _applied(issue: Issue, event: e.SignOffApplied) -> Issue:
    account = issue.account
    if account:
        late = account.late or event.late
        account = replace(account, reported=local_day(event.at), late=late)
    return replace(issue, status="submitted", account=account, rejected_from=None)


def _deadline(issue: Issue, event: e.DeadlineSet) -> Issue:
    deadline = Deadline(
        track=event.track, original=event.due, current=event.due, since=local_day(event.at)
    )
    measures = tuple(m if m.done else replace(m, moved_to=event.due) for m in issue.measures)
    return replace(issue, deadline=deadline, measures=measures)


def _asked(issue: Issue, event: e.ExtensionRequested) -> Issue:
    asked = Extension(
        to=event.asked, asked_on=local_day(event.at), decide_by=event.decide_by.day
    )
    return replace(issue, extension=asked)


def _decided(issue: Issue, event: e.ExtensionDecided) -> Issue:
    issue = replace(issue, extension=None)
    if event.outcome == "refused" or issue.deadline is None:
        return issue
    later = event.due - issue.deadline.current
    deadline = replace(
        issue.deadline, current=event.due, since=local_day(event.at), raised=(),
        extensions=issue.deadline.extensions + 1,
    )  # fmt: skip
    measures = tuple(
        m if m.done else replace(m, moved_to=m.until + later) for m in issue.measures
    )
    extended = issue.extended + 1
    return replace(issue, deadline=deadline, measures=measures, extended=extended)


def _decision_late(issue: Issue, _: e.ExtensionDecisionLate) -> Issue:
    return replace(issue, extension=issue.extension and replace(issue.extension, late=True))


def _escalated(issue: Issue, event: e.EscalationRaised) -> Issue:
    assert issue.deadline is not None
    raised = (*issue.deadline.raised, event.step)
    return replace(issue, deadline=replace(issue.deadline, raised=raised))


def _milestone(issue: Issue, event: e.MilestoneAdded) -> Issue:
    added = Milestone(content=event.content, due=event.due)
    return replace(issue, milestones=(*issue.milestones, added))


def _met(issue: Issue, event: e.MilestoneMet) -> Issue:
    met = replace(issue.milestones[event.milestone - 1], evidence=event.evidence)
    before, after = issue.milestones[: event.milestone - 1], issue.milestones[event.milestone :]
    return replace(issue, milestones=(*before, met, *after))


def _long_term(issue: Issue, event: e.IssueMadeLongTerm) -> Issue:
    long_term = LongTerm(
        cause=event.cause, review_due=event.review_due, approved_until=event.approved_until
    )
    deadline = issue.deadline and replace(issue.deadline, track="long_term")
    return replace(issue, long_term=long_term, deadline=deadline, extension=None)


def _long_term_kept(issue: Issue, **changes: Any) -> Issue:
    assert issue.long_term is not None
    return replace(issue, long_term=replace(issue.long_term, **changes))


def _review_told(issue: Issue, event: e.LongTermReviewDue) -> Issue:
    assert issue.long_term is not None
    return _long_term_kept(issue, told=(*issue.long_term.told, (event.what, event.due)))


def _lapsed(issue: Issue, _: e.LongTermLapsed) -> Issue:
    deadline = issue.deadline and replace(issue.deadline, track="phased")
    return replace(issue, long_term=None, deadline=deadline)


def _told_of(issue: Issue, number: int) -> Issue:
    told = replace(issue.measures[number - 1], told=True)
    return replace(issue, measures=with_measure(issue, number, told))


def _sources(issue: Issue, event: e.SourcesJoined) -> Issue:
    sources = tuple(dict.fromkeys((*issue.sources, *event.sources)))
    critics = tuple(dict.fromkeys((*issue.critics, *event.critics)))
    return replace(issue, sources=sources, critics=critics)


def _answered(issue: Issue, event: e.ExplanationAnswered) -> Issue:
    if event.outcome == "accepted":
        return _settled(issue, "explained")
    return replace(issue, status="claimed" if issue.owner else "found", explained=None)


def _settled(issue: Issue, status: Status) -> Issue:
    """Return the issue ended without sign-off; what was pending is pending no more."""
    return replace(issue, status=status, extension=None, call_backs=None, slips=0)


def _explained(issue: Issue, event: e.IssueExplained) -> Issue:
    answer_by = event.answer_by.day if event.answer_by else None
    return replace(
        issue, status="explaining", explained=Explained(by=event.by, answer_by=answer_by)
    )


def _redone(issue: Issue, event: e.RedoNoticeIssued) -> Issue:
    again = at_work_again(issue, local_day(event.at), done=False)
    return replace(again, status="rectifying", returned=issue.returned + 1)


def _unchanged(issue: Issue, _: e.IssueEvent) -> Issue:
    return issue


WORK: dict[type[e.IssueEvent], Callable[[Issue, Any], Issue]] = {
    e.IssueClaimed: _claimed,
    e.MeasureAdded: _measure_added,
    e.ProgressReported: lambda i, v: _on_measure(i, v.measure, "rectifying", percent=v.percent),
    e.MeasureDone: _done,
    e.SignOffApplied: _applied,
    e.VerdictGiven: _judged,
    e.IssueReturned: _returned,
    e.IssueExplained: _explained,
    e.ExplanationAnswered: _answered,
    e.IssueMerged: lambda i, v: replace(_settled(i, "merged"), merged_into=v.into),
    e.SourcesJoined: _sources,
    e.IssueRuledOut: lambda issue, _: _settled(issue, "out_of_remit"),
    e.IssueWithdrawn: lambda issue, _: _settled(issue, "withdrawn"),
    e.DeadlineSet: _deadline,
    e.IssueTransferred: lambda i, v: _owned_by(i, v.owner),
    e.IssueHandedOver: lambda i, v: replace(_owned_by(i, v.successor), successor=v.successor),
    e.SeverityRaised: lambda issue, _: replace(issue, severity="key"),
    e.MilestoneAdded: _milestone,
    e.MilestoneMet: _met,
    e.IssueMadeLongTerm: _long_term,
    e.LongTermReviewed: lambda i, v: _long_term_kept(i, review_due=v.review_due),
    e.LongTermReapproved: lambda i, v: _long_term_kept(i, approved_until=v.approved_until),
    e.LongTermReviewDue: _review_told,
    e.LongTermLapsed: _lapsed,
    e.MeasureOverdue: lambda i, v: _told_of(i, v.measure),
    e.ExtensionRequested: _asked,
    e.ExtensionDecided: _decided,
    e.ExtensionDecisionLate: _decision_late,
    e.EscalationRaised: _escalated,
    e.RedoNoticeIssued: _redone,
    e.ChaseNoticeIssued: _unchanged,
    e.SlipIssued: lambda i, v: replace(i, slips=v.number, slip_on=local_day(v.at)),
    e.SlipAnswered: lambda issue, _: replace(issue, slips=0),
}
"""Event of the work to the function that places it."""
