"""Ends other than rectification: explained, merged, out of remit, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.state import Issue
from engine.policy.roles import SUPERIOR
from engine.refusal import Refused, refuse

DispositionCommand: TypeAlias = (
    c.ExplainIssue | c.AnswerExplanation | c.MergeIssue | c.RuleOutOfRemit | c.WithdrawIssue
)


def decide(issue: Issue, command: DispositionCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.ExplainIssue(answer=answer):
            return (bench.fact(e.IssueExplained, issue, answer=answer),)
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


def _may_not_answer(issue: Issue, command: c.AnswerExplanation) -> Iterator[Refused]:
    """Who explained, owns or is meant by the problem does not accept the answer."""
    if command.by in (issue.owner, issue.subject):
        yield errors.DutiesNotSeparate(issue.number, command.by, "owner")
    if command.outcome == "declined" and command.reason is None:
        yield errors.ReasonMissing(issue.number)


def _may_not_withdraw(issue: Issue, bench: Bench) -> Iterator[Refused]:
    if issue.owner and not bench.person.holds(SUPERIOR):
        yield errors.WithdrawalNeedsSuperior(issue.number)


def joined(kept: Issue, merged: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return how the sources of ``merged`` go over to ``kept``; refuse what cannot be."""
    if kept.number == merged.number or not kept.open:
        raise errors.CannotMergeInto(merged.number, kept.number, kept.status)
    return (
        bench.fact(
            e.SourcesJoined, kept, merged=merged.number, sources=merged.sources,
            critics=merged.critics,
        ),
    )  # fmt: skip
