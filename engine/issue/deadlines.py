"""Deadlines: set once a round, moved only by a granted extension, late for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, TypeAlias

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.commands import Track
from engine.issue.state import AT_WORK, Issue
from engine.policy.calendar import rolled, working_days_after
from engine.policy.pack import Extensions, Policy
from engine.refusal import Refused, refuse

DeadlineCommand: TypeAlias = c.RequestExtension | c.DecideExtension
LongTermCommand: TypeAlias = c.MakeLongTerm | c.ReviewLongTerm | c.ReapproveLongTerm


def deadline_set(
    issue: Issue, bench: Bench, *, round_: int, track: Track = "phased", due: date | None = None
) -> tuple[e.IssueEvent, ...]:
    """Return the event that gives this round its deadline; nothing without tracks in policy."""
    if bench.policy.tracks is None:
        return ()
    latest = bench.today + timedelta(days=track_days(bench.policy, track))
    computed = None
    if due is None:
        computed = rolled(latest, bench.policy, roll="none", rule=f"track_{track}")
    return (
        bench.fact(
            e.DeadlineSet, issue, round=round_, track=track, due=due or latest,
            computed=computed,
        ),
    )  # fmt: skip


def track_days(policy: Policy, track: Track) -> int:
    """Return how many calendar days ``track`` allows at most."""
    assert policy.tracks is not None
    return policy.tracks.immediate_days if track == "immediate" else policy.tracks.phased_days


def badly_due(
    issue: Issue, bench: Bench, *, due: date | None, track: Track | None
) -> Iterator[Refused]:
    """Yield why ``due`` cannot be the deadline of a new round on ``track``."""
    if due is None or bench.policy.tracks is None:
        return
    latest = bench.today + timedelta(days=track_days(bench.policy, track or "phased"))
    if not bench.today <= due <= latest:
        yield errors.DueOutOfRange(issue.number, str(due), str(bench.today), str(latest))


def outside(issue: Issue, bench: Bench, due: date) -> Iterator[Refused]:
    """Yield why ``due`` cannot be the day of a measure or milestone of the issue."""
    if bench.policy.tracks is None or issue.deadline is None or issue.long_term:
        return
    latest, today = issue.deadline.current, bench.today
    if today > latest:  # overdue work still needs measures; that it is late stays on record
        latest = today + timedelta(days=track_days(bench.policy, issue.deadline.track))
    if not today <= due <= latest:
        yield errors.DueOutOfRange(issue.number, str(due), str(today), str(latest))


def decide(issue: Issue, command: DeadlineCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return what an extension's request or decision causes, or every reason against it."""
    rules = bench.policy.extensions
    if rules is None or issue.deadline is None:
        raise errors.NoDeadline(issue.number)
    if isinstance(command, c.DecideExtension):
        return _decided(issue, command, bench)
    refuse(_may_not_ask(issue, command, bench, rules))
    decide_by = working_days_after(
        bench.today, rules.decide_working_days, bench.policy, rule="extension_decision"
    )
    return (
        bench.fact(
            e.ExtensionRequested, issue, asked=command.to, percent=command.percent,
            reason=command.reason, decide_by=decide_by, to=bench.told(issue, ("superior",)),
        ),
    )  # fmt: skip


def _may_not_ask(
    issue: Issue, command: c.RequestExtension, bench: Bench, rules: Extensions
) -> Iterator[Refused]:
    deadline, number = issue.deadline, issue.number
    assert deadline is not None
    if issue.owner != command.by:
        yield errors.NotTheOwner(number, str(issue.owner))
    if issue.long_term:
        yield errors.IsLongTerm(number)
    if issue.extension:
        yield errors.ExtensionPending(number)
    if bench.today > deadline.current:
        yield errors.ExtensionTooLate(number, str(deadline.current), str(bench.today))
    if deadline.extensions >= rules.most:
        yield errors.TooManyExtensions(number, deadline.extensions, rules.most)
    latest = deadline.current + timedelta(days=rules.days)
    if not deadline.current < command.to <= latest:
        yield errors.ExtensionOutOfRange(number, str(command.to), rules.days, str(latest))


def _decided(
    issue: Issue, command: c.DecideExtension, bench: Bench
) -> tuple[e.IssueEvent, ...]:
    asked, deadline = issue.extension, issue.deadline
    if asked is None or deadline is None:
        raise errors.NoExtensionAsked(issue.number)
    granted = command.outcome == "granted"
    return (
        bench.fact(
            e.ExtensionDecided, issue, outcome=command.outcome, reason=command.reason,
            due=asked.to if granted else deadline.current, to=bench.told(issue, ("owner",)),
        ),
    )  # fmt: skip


def decide_long_term(
    issue: Issue, command: LongTermCommand, bench: Bench
) -> tuple[e.IssueEvent, ...]:
    """Return what an act on the long-term track causes, or every reason against it."""
    tracks = bench.policy.tracks
    if tracks is None or issue.deadline is None:
        raise errors.NoDeadline(issue.number)
    review = bench.today + timedelta(days=tracks.review_days)
    until = bench.today + timedelta(days=tracks.reapprove_days)
    if isinstance(command, c.MakeLongTerm):
        refuse(_may_not_be_long_term(issue))
        return (
            bench.fact(
                e.IssueMadeLongTerm, issue, cause=command.cause, reason=command.reason,
                review_due=review, approved_until=until,
            ),
        )  # fmt: skip
    if issue.long_term is None:
        raise errors.NotLongTerm(issue.number)
    if isinstance(command, c.ReviewLongTerm):
        return (bench.fact(e.LongTermReviewed, issue, note=command.note, review_due=review),)
    return (
        bench.fact(e.LongTermReapproved, issue, reason=command.reason, approved_until=until),
    )


def _may_not_be_long_term(issue: Issue) -> Iterator[Refused]:
    if issue.long_term:
        yield errors.IsLongTerm(issue.number)
    if not issue.milestones:
        yield errors.MilestoneMissing(issue.number)


def overdue(issue: Issue, day: date) -> bool:
    """Say whether the owner is past the deadline without having handed the work in."""
    deadline = issue.deadline
    late = deadline is not None and issue.long_term is None and day > deadline.current
    return late and issue.status in AT_WORK


Standing: TypeAlias = Literal[
    "unclaimed", "on_pace", "overdue", "long_term", "reopened", "closed", "settled"
]


def standing(issue: Issue, day: date) -> Standing:
    """Return where the issue stands on ``day``: one word for each, so that all add up."""
    if issue.status == "closed":
        return "closed"
    if not issue.open:
        return "settled"
    if issue.long_term:
        return "long_term"
    if issue.round > 1:
        return "reopened"
    if overdue(issue, day):
        return "overdue"
    return "on_pace" if issue.owner else "unclaimed"
