"""Supervision and what follows a closing: redo, chase, slips, look-back, rebound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.commands import Track
from engine.issue.deadlines import deadline_set
from engine.issue.signoff import parties
from engine.issue.state import Issue
from engine.policy.calendar import local_day, working_days_after
from engine.policy.pack import Policy
from engine.refusal import Refused, refuse

AftercareCommand: TypeAlias = (
    c.IssueRedoNotice
    | c.IssueChaseNotice
    | c.IssueSlip
    | c.AnswerSlip
    | c.LookBack
    | c.ReopenIssue
)


def decide(issue: Issue, command: AftercareCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    told = bench.told(issue, ("owner", "secretary"))
    match command:
        case c.IssueRedoNotice(reason=reason):
            return (bench.fact(e.RedoNoticeIssued, issue, reason=reason, to=told),)
        case c.IssueChaseNotice(reason=reason):
            return (bench.fact(e.ChaseNoticeIssued, issue, reason=reason, to=told),)
        case c.IssueSlip(reason=reason):
            refuse(_may_not_slip(issue, bench))
            number = issue.slips + 1
            return (bench.fact(e.SlipIssued, issue, number=number, reason=reason, to=told),)
        case c.AnswerSlip(answer=answer):
            refuse(_may_not_answer(issue, command))
            return (bench.fact(e.SlipAnswered, issue, answer=answer),)
        case c.LookBack():
            return _looked_back(issue, command, bench)
        case c.ReopenIssue(cause=cause, reason=reason):
            return reopened(issue, bench, cause=cause, reason=reason)
        case _ as unreachable:
            assert_never(unreachable)


ANSWER_WORKING_DAYS = 3
"""How long a slip may be answered before it counts as ignored; a recommendation."""


def _slips(policy: Policy) -> int:
    return max((rule.slip or 0 for rule in policy.lights if rule.when == "slip"), default=0)


def _may_not_slip(issue: Issue, bench: Bench) -> Iterator[Refused]:
    most = _slips(bench.policy)
    if issue.slips >= most:
        yield errors.NoFurtherSlip(issue.number, issue.slips, most)
    elif issue.slips and issue.slip_on:
        until = working_days_after(
            issue.slip_on, ANSWER_WORKING_DAYS, bench.policy, rule="slip"
        ).day
        if bench.today <= until:
            yield errors.SlipTooSoon(issue.number, str(until))


def _may_not_answer(issue: Issue, command: c.AnswerSlip) -> Iterator[Refused]:
    if not issue.slips:
        yield errors.NoSlipOpen(issue.number)
    if command.by != issue.owner:
        yield errors.NotTheOwner(issue.number, str(issue.owner))


def reopened(
    issue: Issue, bench: Bench, *, cause: str, reason: str
) -> tuple[e.IssueEvent, ...]:
    """Return a further round of the issue under the same number, with a deadline anew."""
    again = bench.fact(
        e.IssueReopened, issue, round=issue.round + 1, cause=cause, reason=reason
    )
    held = issue.deadline.track if issue.deadline else "phased"
    track: Track = "immediate" if held == "immediate" else "phased"
    return (again, *deadline_set(issue, bench, round_=issue.round + 1, track=track))


def _looked_back(issue: Issue, command: c.LookBack, bench: Bench) -> tuple[e.IssueEvent, ...]:
    refuse(_may_not_look_back(issue, command))
    done = bench.fact(e.LookBackDone, issue, outcome=command.outcome, evidence=command.evidence)
    if command.outcome == "holds":
        return (done,)
    again = reopened(issue, bench, cause="look_back", reason=command.evidence)
    return (done, *again)


def _may_not_look_back(issue: Issue, command: c.LookBack) -> Iterator[Refused]:
    due = issue.look_back
    if due is None or due.done or not due.told:
        yield errors.NoLookBackDue(issue.number, str(due.due) if due else "-")
    judges = parties(issue) | {v: "verifier" for m in issue.measures for v in m.verified_by}
    if command.by in judges:
        yield errors.DutiesNotSeparate(issue.number, command.by, judges[command.by])


def sample(seed: str, numbers: Iterable[int], share: str) -> tuple[int, ...]:
    """Return which of ``numbers`` are drawn: at least ``share`` of them, by ``seed`` alone.

    Anyone can check it: the issues whose SHA-256 of ``<seed>/<number>`` is smallest.
    """
    population = sorted(numbers, key=lambda n: sha256(f"{seed}/{n}".encode()).digest())
    return tuple(sorted(population[: ceil(len(population) * Fraction(share))]))


def look_back_day(issue: Issue, policy: Policy) -> date | None:
    """Return the day on which a closed issue may be looked at again, if policy has one."""
    if policy.look_back is None or issue.status != "closed":
        return None
    return local_day(issue.closed_at[-1]) + timedelta(days=policy.look_back.days)
