"""Sign an issue off: by the rules, and then past the plugins that are asked before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.issue import commands as c, errors, events as e
from engine.issue.bench import Bench
from engine.issue.events import ENGINE
from engine.issue.signoff import unmet
from engine.issue.state import Issue
from engine.plan.closing import Finding
from engine.policy.roles import SUPERIOR
from engine.refusal import Refused, refuse


def decide(issue: Issue, command: c.CloseIssue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the closing, or where plugins are asked before, that they are to be asked."""
    refuse((*unmet(issue, bench.policy), *_against(issue, command, bench)))
    kind = e.ClosingAsked if bench.reviewers else e.IssueClosed
    return (bench.fact(kind, issue, round=issue.round, reason=command.reason),)


def _against(issue: Issue, command: c.CloseIssue, bench: Bench) -> Iterator[Refused]:
    if issue.long_term and not (bench.person.holds(SUPERIOR) and command.reason):
        yield errors.LongTermNeedsSuperior(issue.number)
    if not issue.long_term and bench.person.holds(SUPERIOR):
        yield errors.NotLongTerm(issue.number)
    if issue.closing:
        yield errors.ClosingUnderReview(issue.number)


def reviewed(
    issue: Issue, findings: tuple[Finding, ...], bench: Bench
) -> tuple[e.IssueEvent, ...]:
    """Return what the answers of the plugins lead to: the issue closed, or held back.

    The rules are asked once more: what happened meanwhile can hold it back as well.
    """
    assert issue.closing is not None
    since = [
        Finding(plugin=ENGINE, severity="deny", code=r.code) for r in unmet(issue, bench.policy)
    ]
    every = (*findings, *since)
    told = replace(bench, by=ENGINE).fact(
        e.ClosingReviewed, issue, round=issue.round, findings=every
    )
    if any(finding.severity == "deny" for finding in every):
        return (told,)
    asked = replace(bench, by=issue.closing.by)
    return (
        told,
        asked.fact(e.IssueClosed, issue, round=issue.round, reason=issue.closing.reason),
    )


def held(issue: Issue) -> errors.ClosingHeld:
    """Return the refusal that says who holds the issue open, and by which code."""
    return errors.ClosingHeld(issue.number, tuple(f"{f.plugin}: {f.code}" for f in issue.held))
