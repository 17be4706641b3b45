"""The public's part of an issue's rules: asked, counted, called back, approved."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.signoff import (
    approved,
    min_sample,
    not_thorough,
    parties,
    unvisited,
    verifiers_needed,
)
from engine.issue.state import Issue, MassReview
from engine.policy.calendar import working_days_after
from engine.policy.roles import Person
from engine.refusal import Refused, refuse

AcceptanceCommand: TypeAlias = (
    c.OpenMassReview
    | c.CountMassReview
    | c.CallBack
    | c.ContestRating
    | c.DecideRating
    | c.ApproveNoReview
    | c.ApproveIssue
)


def decide(issue: Issue, command: AcceptanceCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.OpenMassReview():
            return _ask(issue, command, bench)
        case c.CountMassReview():
            return _count(issue, command, bench)
        case c.CallBack():
            return _call_back(issue, command, bench)
        case c.ContestRating(reason=reason):
            refuse(_may_not_contest(issue, command))
            told = bench.told(issue, ("superior",))
            return (bench.fact(e.RatingContested, issue, reason=reason, to=told),)
        case c.DecideRating(outcome=outcome, reason=reason):
            refuse(_may_not_decide_rating(issue, command.by))
            return (bench.fact(e.RatingDecided, issue, outcome=outcome, reason=reason),)
        case c.ApproveNoReview():
            refuse(_asked(issue, "none_with_reason"))
            return (bench.fact(e.NoReviewApproved, issue),)
        case c.ApproveIssue():
            refuse((*approved(issue, bench.policy), *_may_not_approve(issue, bench.person)))
            return (bench.fact(e.IssueApproved, issue, level=_level(bench.person)),)
        case _ as unreachable:
            assert_never(unreachable)


def _ask(issue: Issue, command: c.OpenMassReview, bench: Bench) -> tuple[e.IssueEvent, ...]:
    refuse(_may_not_ask(issue, command, bench))
    return (
        bench.fact(
            e.MassReviewOpened, issue, scope=command.scope, method=command.method,
            affected=command.affected, reason=command.reason,
            min_sample=min_sample(command.affected, bench.policy),
        ),
    )  # fmt: skip


def _may_not_ask(issue: Issue, command: c.OpenMassReview, bench: Bench) -> Iterator[Refused]:
    if weak := not_thorough(issue):
        yield errors.NotThorough(issue.number, weak, verifiers_needed(issue))
    if remote := unvisited(issue, bench.policy):
        yield errors.NotOnSite(issue.number, remote)
    inside = command.scope in ("branch_members", "none_with_reason")
    if issue.subject_kind == "member" and not inside:
        yield errors.ScopeNotAllowed(issue.number, command.scope)
    if command.scope == "none_with_reason" and command.reason is None:
        yield errors.ReasonMissing(issue.number)


def _asked(issue: Issue, scope: Literal["none_with_reason"] | None) -> Iterator[Refused]:
    """Yield a refusal unless the open review asks nobody (``scope``) or somebody (None)."""
    review = issue.review
    nobody = review is not None and review.scope == "none_with_reason"
    if nobody is not (scope is not None):
        yield errors.ScopeNotAllowed(issue.number, review.scope if review else "-")
    if review is not None and review.contested:
        yield errors.RatingUnderReview(issue.number)


def _count(issue: Issue, command: c.CountMassReview, bench: Bench) -> tuple[e.IssueEvent, ...]:
    satisfied = command.very_satisfied + command.satisfied + command.basically_satisfied
    dissatisfied = command.dissatisfied + command.very_dissatisfied
    answers = satisfied + dissatisfied
    refuse(_asked(issue, None))
    assert issue.review is not None
    if issue.review.counted:
        raise errors.AlreadyCounted(issue.number)
    if answers < issue.review.min_sample:
        raise errors.SampleTooSmall(issue.number, answers, issue.review.min_sample)
    counted = bench.fact(e.MassReviewCounted, issue, answers=answers, satisfied=satisfied)
    mending = _mending(issue, dissatisfied, bench)
    if Fraction(satisfied, answers) >= Fraction(bench.policy.mass_threshold):
        return (counted, *mending)
    told = bench.told(issue, ("owner", "secretary")) if bench.policy.ladder else ()
    return (counted, bench.fact(e.MassRejected, issue, to=told), *mending)


def _mending(issue: Issue, dissatisfied: int, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the duty to call everybody back who was not satisfied, if there is one."""
    days = bench.policy.dissatisfied_working_days
    if not dissatisfied or days is None:
        return ()
    due = working_days_after(bench.today, days, bench.policy, rule="dissatisfied")
    told = bench.told(issue, ("owner",))
    return (bench.fact(e.DissatisfiedDue, issue, count=dissatisfied, due=due, to=told),)


def _call_back(issue: Issue, command: c.CallBack, bench: Bench) -> tuple[e.IssueEvent, ...]:
    waiting = issue.call_backs.open if issue.call_backs else 0
    if command.persons > waiting:
        raise errors.NobodyToCallBack(issue.number, command.persons, waiting)
    return (bench.fact(e.CalledBack, issue, persons=command.persons, note=command.note),)


def rated(issue: Issue) -> MassReview | None:
    """Return the rating that may be contested: the present one, or a fresh rejection."""
    return issue.rejected_from[0] if issue.rejected_from else issue.review


def _may_not_contest(issue: Issue, command: c.ContestRating) -> Iterator[Refused]:
    if command.by != issue.owner:
        yield errors.NotTheOwner(issue.number, str(issue.owner))
    review = rated(issue)
    if review is None or not review.counted:
        yield errors.NothingCounted(issue.number)
    elif review.contested:
        yield errors.RatingUnderReview(issue.number)


def _may_not_decide_rating(issue: Issue, by: str) -> Iterator[Refused]:
    review = rated(issue)
    if review is None or not review.contested:
        yield errors.NothingContested(issue.number)
    barred = _parts(issue)
    if by in barred:
        yield errors.DutiesNotSeparate(issue.number, by, barred[by])


def _level(person: Person) -> Literal["committee", "superior"]:
    return "superior" if person.holds(("superior_officer",)) else "committee"


def _parts(issue: Issue) -> dict[str, str]:
    """Return everybody who has a part in the issue already."""
    parts = parties(issue)
    parts |= {v: "verifier" for m in issue.measures for v in m.verified_by}
    parts |= {by: "approver" for _, by in issue.approvals}
    return parts


def _may_not_approve(issue: Issue, person: Person) -> Iterator[Refused]:
    parts = _parts(issue)
    if person.id in parts:
        yield errors.DutiesNotSeparate(issue.number, person.id, parts[person.id])
