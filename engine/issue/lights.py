"""An issue's light by the pinned pack, and when it changes next."""

from __future__ import annotations

from datetime import date, timedelta

from engine.issue import events as e
from engine.issue.bench import Bench
from engine.issue.state import AT_WORK, Issue
from engine.policy import lights
from engine.policy.calendar import local_day
from engine.policy.pack import LightRule, Policy

OUT = "none"
"""The light of an issue that no rule lights."""


def seen(issue: Issue) -> lights.Standing | None:
    """Return what a light policy looks at; None before there is a deadline."""
    deadline = issue.deadline
    if deadline is None or issue.account is None:
        return None
    measures = issue.measures
    percent = sum(m.percent for m in measures) // len(measures) if measures else 0
    due = issue.long_term.review_due if issue.long_term else deadline.current
    return lights.Standing(
        started=issue.account.registered, due=due, percent=percent,
        done=issue.open and issue.status not in AT_WORK, closed=issue.status == "closed",
        long_term=issue.long_term is not None and issue.open, returned=issue.returned,
        slips=issue.slips,
    )  # fmt: skip


def light(issue: Issue, policy: Policy, day: date) -> LightRule | None:
    """Return the rule that lights the issue on ``day``, if one does."""
    standing = seen(issue)
    if standing is None or not (issue.open or issue.status == "closed"):
        return None
    return lights.light(standing, policy, day)


def shown(issue: Issue) -> str:
    """Return the colour last told."""
    return issue.light.colour if issue.light else OUT


def next_change(issue: Issue, policy: Policy) -> date | None:
    """Return the first day on which time alone changes the light from what was told.

    Days before the issue was last touched are over: they were looked at as it stood then.
    """
    standing = seen(issue)
    if standing is None or not issue.open or not any(map(_told, policy.lights)):
        return None
    begun = issue.light.on if issue.light else standing.started - timedelta(days=1)
    day = lights.changes_on(standing, policy, after=max(begun, issue.touched or begun))
    while day is not None:
        if _colour(light(issue, policy, day)) != shown(issue):
            return day
        if day > standing.due:
            return None
        day = lights.changes_on(standing, policy, after=day)
    return None


def _told(rule: LightRule) -> bool:
    """Say whether the rule's light is told to anybody; one that is not is only looked up."""
    return bool(rule.to or rule.points or rule.instrument != "none")


def _colour(rule: LightRule | None) -> str:
    return rule.colour if rule and _told(rule) else OUT


def changed(issue: Issue, bench: Bench, day: date) -> tuple[e.IssueEvent, ...]:
    """Return the event of a light that is another on ``day`` than the one told."""
    rule = light(issue, bench.policy, day)
    colour = _colour(rule)
    if colour == shown(issue) or issue.deadline is None:
        return ()
    due = issue.deadline.current
    if rule is None or colour == OUT:
        return (bench.fact(e.LightChanged, issue, light=OUT, on=day, due=due, instrument=OUT),)
    times = dict(issue.light.times).get(colour, 0) if issue.light else 0
    counts = times + 1 >= rule.repeat
    return (
        bench.fact(
            e.LightChanged, issue, light=colour, on=day, due=due,
            instrument=rule.instrument if counts else "none",
            points=rule.points if counts else 0,
            to=bench.told(issue, rule.to),
        ),
    )  # fmt: skip


def after_command(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the change that a command caused; a pack that reviews shows closings alone."""
    reviewed = bench.policy.light_review_days is not None and issue.open
    if reviewed or not bench.policy.lights:
        return ()
    return changed(issue, bench, local_day(bench.now))
