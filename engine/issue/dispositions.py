"""Ends other than rectification: explained, merged, out of remit, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.state import AT_WORK, Issue
from engine.policy.calendar import Computed, working_days_after
from engine.policy.roles import SUPERIOR
from engine.refusal import Refused, refuse

DispositionCommand: TypeAlias = (
    c.ExplainIssue | c.AnswerExplanation | c.MergeIssue | c.RuleOutOfRemit | c.WithdrawIssue
)


def decide(issue: Issue, command: DispositionCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.ExplainIssue(answer=answer):
            return (bench.fact(e.IssueExplained, issue, answer=answer, answer_by=_by(bench)),)
        case c.AnswerExplanation():
            refuse(_may_not_answer(issue, command))
            return (
                bench.fact(
                    e.ExplanationAnswered, issue, outcome=command.outcome, reason=command.reason
                ),
            )
        case c.MergeIssue(into=into):
            return (bench.fact(e.IssueMerged, issue, into=into),)
        case c.RuleOutOfRemit(reason=reason):
            return (bench.fact(e.IssueRuledOut, issue, reason=reason),)
        case c.WithdrawIssue(reason=reason):
            refuse(_may_not_withdraw(issue, bench))
            return (bench.fact(e.IssueWithdrawn, issue, reason=reason),)
        case _ as unreachable:
            assert_never(unreachable)


def _by(bench: Bench) -> Computed | None:
    """Return the day by which silence counts as declined, when policy has such a day."""
    days = bench.policy.dissatisfied_working_days
    if days is None:
        return None
    return working_days_after(bench.today, days, bench.policy, rule="explanation")


def _may_not_answer(issue: Issue, command: c.AnswerExplanation) -> Iterator[Refused]:
    """Who explained, owns or is meant by the problem does not accept the answer."""
    explained = issue.explained.by if issue.explained else None
    if command.by in (issue.owner, issue.subject, explained):
        yield errors.DutiesNotSeparate(issue.number, command.by, "owner")
    if command.outcome == "declined" and command.reason is None:
        yield errors.ReasonMissing(issue.number)


def _may_not_withdraw(issue: Issue, bench: Bench) -> Iterator[Refused]:
    if issue.owner and not bench.person.holds(SUPERIOR):
        yield errors.WithdrawalNeedsSuperior(issue.number)


def _unlike(kept: Issue, merged: Issue) -> Iterator[Refused]:
    """Yield what a merger would launder: a member's own, a key issue, a nearer deadline."""
    pair = (merged.number, kept.number)
    if (kept.subject_kind, kept.subject) != (merged.subject_kind, merged.subject):
        yield errors.MergeUnlike(*pair, "subject")
    if merged.severity == "key" and kept.severity != "key":
        yield errors.MergeUnlike(*pair, "severity")
    nearer = merged.deadline is not None and (
        kept.deadline is None
        or kept.long_term is not None
        or kept.deadline.current > merged.deadline.current
    )
    if nearer:
        yield errors.MergeUnlike(*pair, "deadline")


def joined(kept: Issue, merged: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return how the sources of ``merged`` go over to ``kept``; refuse what cannot be."""
    if kept.number == merged.number or kept.status not in ("found", *AT_WORK):
        raise errors.CannotMergeInto(merged.number, kept.number, kept.status)
    refuse(_unlike(kept, merged))
    return (
        bench.fact(
            e.SourcesJoined, kept, merged=merged.number, sources=merged.sources,
            critics=merged.critics,
        ),
    )  # fmt: skip
