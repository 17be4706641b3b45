"""The second half of an issue's rules: the public, approval, notice and objections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.signoff import (
    accepted,
    approved,
    min_sample,
    not_thorough,
    parties,
    thorough,
    verifiers_needed,
)
from engine.issue.state import Issue
from engine.policy.calendar import day_after, local_day, working_days
from engine.policy.pack import Policy
from engine.policy.roles import Person
from engine.refusal import Refused, refuse

AcceptanceCommand: TypeAlias = (
    c.OpenMassReview
    | c.CountMassReview
    | c.ApproveNoReview
    | c.ApproveIssue
    | c.PostNotice
    | c.RaiseObjection
    | c.DecideObjection
)


def decide(
    issue: Issue, command: AcceptanceCommand, person: Person, policy: Policy, now: datetime
) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    number, by = issue.number, person.id
    match command:
        case c.OpenMassReview():
            refuse(_may_not_ask(issue, command))
            least = min_sample(command.affected, policy)
            return (
                e.MassReviewOpened(
                    issue=number, scope=command.scope, affected=command.affected,
                    min_sample=least, reason=command.reason, at=now, by=by,
                ),
            )  # fmt: skip
        case c.CountMassReview():
            return _count(issue, command, policy, now)
        case c.ApproveNoReview():
            refuse(_asked(issue, "none_with_reason"))
            return (e.NoReviewApproved(issue=number, at=now, by=by),)
        case c.ApproveIssue():
            refuse((*approved(issue, policy), *_may_not_approve(issue, person)))
            return (e.IssueApproved(issue=number, level=_level(issue, person), at=now, by=by),)
        case c.PostNotice():
            refuse(_may_not_post(issue, command, policy, now))
            return (
                e.NoticePosted(
                    issue=number, audience=command.audience, first=command.first,
                    last=command.last, at=now, by=by,
                ),
            )  # fmt: skip
        case c.RaiseObjection(content=content):
            if issue.open_objection:
                raise errors.ObjectionOpen(number)
            return (e.ObjectionRaised(issue=number, content=content, at=now, by=by),)
        case c.DecideObjection(outcome=outcome, reason=reason):
            if not issue.open_objection:
                raise errors.NoOpenObjection(number)
            return (
                e.ObjectionDecided(issue=number, outcome=outcome, reason=reason, at=now, by=by),
            )
        case _ as unreachable:
            assert_never(unreachable)


def notice_ends(issue: Issue) -> datetime | None:
    """Return when the posted notice's window passes; None when none is open."""
    notice = issue.notice
    return None if notice is None or notice.expired else day_after(notice.last)


def _may_not_ask(issue: Issue, command: c.OpenMassReview) -> Iterator[Refused]:
    if weak := not_thorough(issue):
        yield errors.NotThorough(issue.number, weak, verifiers_needed(issue))
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


def _count(
    issue: Issue, command: c.CountMassReview, policy: Policy, now: datetime
) -> tuple[e.IssueEvent, ...]:
    satisfied = command.very_satisfied + command.satisfied + command.basically_satisfied
    answers = satisfied + command.dissatisfied + command.very_dissatisfied
    refuse(_asked(issue, None))
    assert issue.review is not None
    if answers < issue.review.min_sample:
        raise errors.SampleTooSmall(issue.number, answers, issue.review.min_sample)
    counted = e.MassReviewCounted(
        issue=issue.number, answers=answers, satisfied=satisfied, at=now, by=command.by
    )
    if Fraction(satisfied, answers) >= Fraction(policy.mass_threshold):
        return (counted,)
    return (counted, e.MassRejected(issue=issue.number, at=now, by=command.by))


def _level(issue: Issue, person: Person) -> Literal["committee", "superior"]:
    return "superior" if person.holds(("superior_officer",)) else "committee"


def _may_not_approve(issue: Issue, person: Person) -> Iterator[Refused]:
    parts = parties(issue)
    parts |= {v: "verifier" for m in issue.measures for v in m.verified_by}
    parts |= {by: "approver" for _, by in issue.approvals}
    if person.id in parts:
        yield errors.DutiesNotSeparate(issue.number, person.id, parts[person.id])


def _may_not_post(
    issue: Issue, command: c.PostNotice, policy: Policy, now: datetime
) -> Iterator[Refused]:
    number, today = issue.number, local_day(now)
    yield from thorough(issue)
    if not accepted(issue, policy):
        yield from approved(issue, policy)
    if issue.subject_kind == "member" and command.audience == "public":
        yield errors.ScopeNotAllowed(number, "public")
    if command.first < today:
        yield errors.NoticeInThePast(number, command.first.isoformat(), today.isoformat())
    days = working_days(command.first, command.last, policy)
    if days < policy.notice_working_days:
        yield errors.NoticeTooShort(number, days, policy.notice_working_days)
