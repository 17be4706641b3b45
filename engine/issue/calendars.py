"""Dates that count working days, counted again when the pinned calendar changes."""

from __future__ import annotations

from engine.issue import events as e
from engine.issue.bench import Bench
from engine.issue.state import Issue
from engine.policy.calendar import Computed, working_days_after


def recalculated(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the event with the dates that the policy's calendar moves, if any."""
    decide_by, call_back_by = _decide_by(issue, bench), _call_back_by(issue, bench)
    if decide_by is None and call_back_by is None:
        return ()
    return (
        bench.fact(e.DatesRecalculated, issue, decide_by=decide_by, call_back_by=call_back_by),
    )


def _decide_by(issue: Issue, bench: Bench) -> Computed | None:
    asked, rules = issue.extension, bench.policy.extensions
    if asked is None or rules is None:
        return None
    day = working_days_after(
        asked.asked_on, rules.decide_working_days, bench.policy, rule="extension_decision"
    )
    return day if day.day != asked.decide_by else None


def _call_back_by(issue: Issue, bench: Bench) -> Computed | None:
    waiting, days = issue.call_backs, bench.policy.dissatisfied_working_days
    if waiting is None or days is None:
        return None
    day = working_days_after(waiting.counted_on, days, bench.policy, rule="dissatisfied")
    return day if day.day != waiting.due else None
