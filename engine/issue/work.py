"""Rules of the work: claims and owners, measures and milestones, verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.deadlines import badly_due, deadline_set, outside, overdue
from engine.issue.signoff import parties, resolved
from engine.issue.state import Issue
from engine.refusal import Refused, refuse

OwnerCommand: TypeAlias = c.ClaimIssue | c.TransferIssue | c.HandOverIssue | c.RaiseSeverity
WorkCommand: TypeAlias = (
    c.AddMeasure
    | c.ReportProgress
    | c.FinishMeasure
    | c.AddMilestone
    | c.MeetMilestone
    | c.ApplySignOff
    | c.GiveVerdict
)


def decide_owner(issue: Issue, command: OwnerCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return what changes who answers for the issue, or every reason against it."""
    match command:
        case c.ClaimIssue():
            return _claim(issue, command, bench)
        case c.TransferIssue(owner=owner, reason=reason):
            refuse(_may_not_own(issue, owner))
            return (
                bench.fact(e.IssueTransferred, issue, owner=owner, reason=reason, to=(owner,)),
            )
        case c.HandOverIssue(successor=successor, reason=reason):
            refuse(_may_not_own(issue, successor))
            return (
                bench.fact(
                    e.IssueHandedOver, issue, successor=successor, reason=reason,
                    to=(successor,),
                ),
            )  # fmt: skip
        case c.RaiseSeverity(reason=reason):
            if issue.severity == "key":
                raise errors.AlreadyKey(issue.number)
            return (bench.fact(e.SeverityRaised, issue, reason=reason),)
        case _ as unreachable:
            assert_never(unreachable)


def _claim(issue: Issue, command: c.ClaimIssue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    owner = command.owner or command.by
    if owner != command.by and not bench.person.holds(("branch_secretary",)):
        raise errors.NotTheOwner(command.issue, owner)
    refuse(badly_due(issue, bench, due=command.due, track=command.track))
    deadline = deadline_set(
        issue, bench, round_=issue.round, track=command.track or "phased", due=command.due
    )
    return (bench.fact(e.IssueClaimed, issue, owner=owner), *deadline)


def _may_not_own(issue: Issue, owner: str) -> Iterator[Refused]:
    """Who has judged the issue cannot come to own it."""
    judged = {v for m in issue.measures for v in m.verified_by}
    judged |= {by for _, by in issue.approvals}
    if owner in judged:
        yield errors.DutiesNotSeparate(issue.number, owner, "verifier")
    if owner == issue.owner and issue.successor == owner:
        yield errors.AlreadyClaimed(issue.number, owner)


def decide(issue: Issue, command: WorkCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events of the work itself, or raise ``Refused`` with every reason."""
    match command:
        case c.AddMeasure(content=content, standard=standard, due=due):
            refuse(outside(issue, bench, due))
            return (
                bench.fact(
                    e.MeasureAdded, issue, measure=len(issue.measures) + 1, content=content,
                    standard=standard, due=due,
                ),
            )  # fmt: skip
        case c.ReportProgress(measure=measure, percent=percent, note=note):
            return (
                bench.fact(
                    e.ProgressReported, issue, measure=measure, percent=percent, note=note
                ),
            )
        case c.FinishMeasure(measure=measure, evidence=evidence):
            return (bench.fact(e.MeasureDone, issue, measure=measure, evidence=evidence),)
        case c.AddMilestone() | c.MeetMilestone():
            return _milestone(issue, command, bench)
        case c.ApplySignOff():
            refuse((*resolved(issue), *_rating_pending(issue)))
            late = overdue(issue, bench.today)
            return (bench.fact(e.SignOffApplied, issue, late=late),)
        case c.GiveVerdict():
            return _verdict(issue, command, bench)
        case _ as unreachable:
            assert_never(unreachable)


def _rating_pending(issue: Issue) -> Iterator[Refused]:
    if issue.rejected_from and issue.rejected_from[0].contested:
        yield errors.RatingUnderReview(issue.number)


def _milestone(
    issue: Issue, command: c.AddMilestone | c.MeetMilestone, bench: Bench
) -> tuple[e.IssueEvent, ...]:
    if isinstance(command, c.AddMilestone):
        refuse(_may_not_stage(issue))
        return (
            bench.fact(
                e.MilestoneAdded, issue, milestone=len(issue.milestones) + 1,
                content=command.content, due=command.due,
            ),
        )  # fmt: skip
    held = issue.milestone(command.milestone)
    if held is None:
        raise errors.NoSuchMilestone(issue.number, command.milestone)
    if held.evidence is not None:
        raise errors.MilestoneAlreadyMet(issue.number, command.milestone)
    met = bench.fact(
        e.MilestoneMet, issue, milestone=command.milestone, evidence=command.evidence
    )
    return (met,)


def _may_not_stage(issue: Issue) -> Iterator[Refused]:
    if issue.deadline is None:
        yield errors.NoDeadline(issue.number)
    elif issue.deadline.track == "immediate":
        yield errors.TrackHasNoMilestones(issue.number)


def _verdict(issue: Issue, command: c.GiveVerdict, bench: Bench) -> tuple[e.IssueEvent, ...]:
    refuse(_may_not_judge(issue, command))
    given = bench.fact(
        e.VerdictGiven, issue, measure=command.measure, verdict=command.verdict,
        on_site=command.on_site, reason=command.reason,
    )  # fmt: skip
    if command.verdict == "thorough":
        return (given,)
    return (given, bench.fact(e.IssueReturned, issue, measure=command.measure))


def _may_not_judge(issue: Issue, command: c.GiveVerdict) -> Iterator[Refused]:
    barred = parties(issue)
    if command.by in barred:
        yield errors.DutiesNotSeparate(issue.number, command.by, barred[command.by])
    measure = issue.measure(command.measure)
    if measure is not None and command.by in measure.verified_by:
        yield errors.DutiesNotSeparate(issue.number, command.by, "verifier")
    if command.verdict == "partial" and command.reason is None:
        yield errors.ReasonMissing(issue.number)
