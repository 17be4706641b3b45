"""The public notice of an issue: drafted, cleared by another, posted, objected to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.signoff import approved, parties, thorough
from engine.issue.state import Issue
from engine.policy.calendar import working_days
from engine.refusal import Refused, refuse

NoticeCommand: TypeAlias = (
    c.DraftNotice | c.ClearNotice | c.PostNotice | c.RaiseObjection | c.DecideObjection
)
Audience: TypeAlias = Literal["public", "internal"]


def decide(issue: Issue, command: NoticeCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.DraftNotice():
            refuse(_badly_worded(issue, command.audience, command.first, command.last, bench))
            fields = command.model_dump(exclude={"kind", "by", "issue"})
            return (bench.fact(e.NoticeDrafted, issue, **fields),)
        case c.ClearNotice(outcome=outcome, reason=reason):
            refuse(_may_not_clear(issue, command))
            return (bench.fact(e.NoticeCleared, issue, outcome=outcome, reason=reason),)
        case c.PostNotice():
            refuse(_may_not_post(issue, command, bench))
            return (
                bench.fact(
                    e.NoticePosted, issue, audience=command.audience, first=command.first,
                    last=command.last,
                ),
            )  # fmt: skip
        case c.RaiseObjection(content=content):
            if issue.open_objection:
                raise errors.ObjectionOpen(issue.number)
            return (bench.fact(e.ObjectionRaised, issue, content=content),)
        case c.DecideObjection(outcome=outcome, reason=reason):
            refuse(_may_not_decide(issue, command.by))
            decided = bench.fact(e.ObjectionDecided, issue, outcome=outcome, reason=reason)
            if outcome == "rejected" or not bench.policy.notice_two_persons:
                return (decided,)
            return (decided, bench.fact(e.NoticeTakenDown, issue))
        case _ as unreachable:
            assert_never(unreachable)


def _may_not_decide(issue: Issue, by: str) -> Iterator[Refused]:
    """Who has a part in the issue does not decide an objection to it."""
    if not issue.open_objection:
        yield errors.NoOpenObjection(issue.number)
    parts = parties(issue) | {v: "verifier" for m in issue.measures for v in m.verified_by}
    parts |= {approver: "approver" for _, approver in issue.approvals}
    if by in parts:
        yield errors.DutiesNotSeparate(issue.number, by, parts[by])


def _badly_worded(
    issue: Issue, audience: Audience, first: date, last: date, bench: Bench
) -> Iterator[Refused]:
    """Yield why a notice to ``audience`` from ``first`` to ``last`` cannot be."""
    if issue.subject_kind == "member" and audience == "public":
        yield errors.ScopeNotAllowed(issue.number, "public")
    if first < bench.today:
        yield errors.NoticeInThePast(issue.number, first.isoformat(), bench.today.isoformat())
    days = working_days(first, last, bench.policy)
    if days < bench.policy.notice_working_days:
        yield errors.NoticeTooShort(issue.number, days, bench.policy.notice_working_days)


def _may_not_clear(issue: Issue, command: c.ClearNotice) -> Iterator[Refused]:
    if issue.draft is None:
        yield errors.NoticeNotDrafted(issue.number)
    elif issue.draft.by == command.by:
        yield errors.DutiesNotSeparate(issue.number, command.by, "publisher")
    if command.outcome == "blocked" and command.reason is None:
        yield errors.ReasonMissing(issue.number)


def _may_not_post(issue: Issue, command: c.PostNotice, bench: Bench) -> Iterator[Refused]:
    yield from thorough(issue, bench.policy)
    yield from approved(issue, bench.policy)
    yield from _badly_worded(issue, command.audience, command.first, command.last, bench)
    if bench.policy.notice_two_persons:
        yield from _uncleared(issue, command)


def _uncleared(issue: Issue, command: c.PostNotice) -> Iterator[Refused]:
    """Two persons post a notice: one drafts it, another clears exactly that draft."""
    draft, number = issue.draft, issue.number
    if draft is None:
        yield errors.NoticeNotDrafted(number)
        return
    if draft.cleared_by is None:
        yield errors.NoticeNotCleared(number)
    if draft.cleared_by == command.by:
        yield errors.DutiesNotSeparate(number, command.by, "privacy_officer")
    asked = (command.audience, command.first, command.last)
    if asked != (draft.audience, draft.first, draft.last):
        yield errors.NotTheDraft(number)
