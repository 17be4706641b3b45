"""The rules of one issue: what a command causes, or why it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.issue import acceptance, commands as c, errors, events as e
from engine.issue.signoff import parties, resolved, unmet
from engine.issue.state import Issue, Status
from engine.policy.pack import Policy
from engine.policy.roles import Person
from engine.refusal import Refused, refuse

WHEN: dict[type[c.IssueCommand], tuple[Status, ...]] = {
    c.ClaimIssue: ("found",),
    c.AddMeasure: ("claimed", "planned", "rectifying", "reopened"),
    c.ReportProgress: ("planned", "rectifying", "reopened"),
    c.FinishMeasure: ("planned", "rectifying", "reopened"),
    c.ApplySignOff: ("planned", "rectifying", "reopened"),
    c.GiveVerdict: ("submitted", "verifying"),
    c.OpenMassReview: ("verifying",),
    c.CountMassReview: ("mass_review",),
    c.ApproveNoReview: ("mass_review",),
    c.ApproveIssue: ("mass_review",),
    c.PostNotice: ("mass_review",),
    c.RaiseObjection: ("noticed",),
    c.DecideObjection: ("noticed",),
    c.CloseIssue: (
        "found", "claimed", "planned", "rectifying", "submitted", "verifying",
        "mass_review", "noticed", "reopened",
    ),
    c.ReopenIssue: ("closed",),
}  # fmt: skip
"""Command to the stages at which it may be asked; closing always answers with reasons."""

OWNERS_WORK = (c.AddMeasure, c.ReportProgress, c.FinishMeasure, c.ApplySignOff)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a decision knows besides the issue: who asks, by which policy, and when."""

    person: Person
    policy: Policy
    now: datetime


def decide(issue: Issue, command: c.IssueCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    refuse(_out_of_place(issue, command))
    number, at, by = issue.number, bench.now, bench.person.id
    match command:
        case c.ClaimIssue():
            return (e.IssueClaimed(issue=number, owner=_owner(command, bench), at=at, by=by),)
        case c.AddMeasure(content=content, standard=standard, due=due):
            return (
                e.MeasureAdded(
                    issue=number, measure=len(issue.measures) + 1, content=content,
                    standard=standard, due=due, at=at, by=by,
                ),
            )  # fmt: skip
        case c.ReportProgress(measure=measure, percent=percent, note=note):
            return (
                e.ProgressReported(
                    issue=number, measure=measure, percent=percent, note=note, at=at, by=by
                ),
            )
        case c.FinishMeasure(measure=measure, evidence=evidence):
            return (
                e.MeasureDone(issue=number, measure=measure, evidence=evidence, at=at, by=by),
            )
        case c.ApplySignOff():
            refuse(resolved(issue))
            return (e.SignOffApplied(issue=number, at=at, by=by),)
        case c.GiveVerdict():
            return _verdict(issue, command, bench)
        case c.CloseIssue():
            refuse(unmet(issue, bench.policy))
            return (e.IssueClosed(issue=number, round=issue.round, at=at, by=by),)
        case c.ReopenIssue(cause=cause, reason=reason):
            return (
                e.IssueReopened(
                    issue=number,
                    round=issue.round + 1,
                    cause=cause,
                    reason=reason,
                    at=at,
                    by=by,
                ),
            )
        case _:
            return acceptance.decide(issue, command, bench.person, bench.policy, bench.now)


def _out_of_place(issue: Issue, command: c.IssueCommand) -> Iterator[Refused]:
    """Yield every reason that does not depend on the command's own rule."""
    number = issue.number
    if isinstance(command, c.ClaimIssue) and issue.owner is not None:
        yield errors.AlreadyClaimed(number, issue.owner)
    elif issue.status not in (wanted := WHEN[type(command)]):
        yield errors.WrongIssueStatus(number, issue.status, wanted)
    if isinstance(command, OWNERS_WORK) and issue.owner not in (None, command.by):
        yield errors.NotTheOwner(number, str(issue.owner))
    if isinstance(command, c.ReportProgress | c.FinishMeasure | c.GiveVerdict):
        measure = issue.measure(command.measure)
        if measure is None:
            yield errors.NoSuchMeasure(number, command.measure)
        elif measure.done and not isinstance(command, c.GiveVerdict):
            yield errors.MeasureAlreadyDone(number, command.measure)
    if isinstance(command, c.FinishMeasure) and not command.evidence:
        yield errors.EvidenceMissing(number, command.measure)


def _owner(command: c.ClaimIssue, bench: Bench) -> str:
    """Return who will own the issue; only the secretary may name somebody else."""
    owner = command.owner or command.by
    if owner != command.by and not bench.person.holds(("branch_secretary",)):
        raise errors.NotTheOwner(command.issue, owner)
    return owner


def _verdict(issue: Issue, command: c.GiveVerdict, bench: Bench) -> tuple[e.IssueEvent, ...]:
    refuse(_may_not_judge(issue, command))
    given = e.VerdictGiven(
        issue=issue.number, measure=command.measure, verdict=command.verdict,
        reason=command.reason, at=bench.now, by=command.by,
    )  # fmt: skip
    if command.verdict == "thorough":
        return (given,)
    returned = e.IssueReturned(
        issue=issue.number, measure=command.measure, at=bench.now, by=command.by
    )
    return (given, returned)


def _may_not_judge(issue: Issue, command: c.GiveVerdict) -> Iterator[Refused]:
    barred = parties(issue)
    if command.by in barred:
        yield errors.DutiesNotSeparate(issue.number, command.by, barred[command.by])
    measure = issue.measure(command.measure)
    if measure is not None and command.by in measure.verified_by:
        yield errors.DutiesNotSeparate(issue.number, command.by, "verifier")
    if command.verdict == "partial" and command.reason is None:
        yield errors.ReasonMissing(issue.number)


def expired_notice(issue: Issue, now: datetime) -> tuple[e.IssueEvent, ...]:
    """Return the event that time itself causes: the notice window has passed."""
    if (due := acceptance.notice_ends(issue)) is None or now < due:
        return ()
    return (e.NoticeExpired(issue=issue.number, at=now, by="engine"),)
