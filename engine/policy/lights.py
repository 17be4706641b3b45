"""The light of an issue: a colour by rule, never stored, derived from how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import assert_never

from engine.policy.model import Policy
from engine.policy.rules import LightRule, Share

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a light policy looks at.

    ``percent`` is the progress of the whole issue. ``done``: the owner has finished and
    applied, nobody has accepted yet. ``returned`` counts how often verifiers sent it
    back. ``slips`` is the number of the unanswered slip, 0 when there is none.
    """

    started: date
    due: date
    percent: int
    done: bool
    closed: bool
    long_term: bool
    returned: int
    slips: int


def light(standing: Standing, policy: Policy, day: date) -> LightRule | None:
    """Return the first rule of ``policy`` that matches on ``day``; None when none does.

    With ``light_review_days`` time counts only up to the last review day.
    """
    seen = review_day(standing, policy, day)
    rules = (r for r in policy.lights if matches(r, standing, policy.behind_tolerance, seen))
    return next(rules, None)


def matches(rule: LightRule, standing: Standing, tolerance: Share, day: date) -> bool:
    """Say whether ``rule`` alone fits the issue on ``day``; closed fits only ``done``."""
    if standing.closed:
        return rule.when == "done"
    at_work = not standing.done
    lags = day >= _falls_behind(standing, tolerance)
    match rule.when:
        case "done":
            return False
        case "awaiting":
            return standing.done
        case "long_term":
            return standing.long_term
        case "overdue":
            return day > standing.due
        case "slip":
            return rule.slip is not None and standing.slips >= rule.slip
        case "days_left":
            left = (standing.due - day).days
            return at_work and rule.days is not None and 0 <= left <= rule.days
        case "poor":
            return at_work and standing.returned > 0
        case "behind":
            return at_work and lags
        case "on_pace":
            return at_work and not lags
        case _ as unreachable:
            assert_never(unreachable)


def behind(standing: Standing, policy: Policy, day: date) -> bool:
    """Say whether the work lags: progress below the elapsed share less the tolerance.

    Halfway through the time with a tolerance of 1/5, 30 % is on pace and 29 % behind.
    After the due day unfinished work is behind whatever the tolerance.
    """
    if standing.done or standing.closed:
        return False
    return day >= _falls_behind(standing, policy.behind_tolerance)


def review_day(standing: Standing, policy: Policy, day: date) -> date:
    """Return the last review day up to ``day``: ``day`` itself when nothing is reviewed."""
    every = policy.light_review_days
    if every is None:
        return day
    return _moved(day, -((day - standing.started).days % every))


def changes_on(standing: Standing, policy: Policy, *, after: date) -> date | None:
    """Return the next day after ``after`` on which the light may change by time alone.

    Under review that is the next review day of any open issue, since what happened
    in between shows then. None when no day will change it.
    """
    if standing.closed or not policy.lights:
        return None
    if policy.light_review_days is not None:
        last = review_day(standing, policy, after)
        return _moved(last, policy.light_review_days)
    days = sorted(day for day in _thresholds(standing, policy) if day > after)
    return next((day for day in days if _differs(standing, policy, day)), None)


def _differs(standing: Standing, policy: Policy, day: date) -> bool:
    return light(standing, policy, day) != light(standing, policy, day - ONE)


def _thresholds(standing: Standing, policy: Policy) -> Iterator[date]:
    """Yield each day on which some rule may begin or cease to match."""
    yield _moved(standing.due, 1)
    yield _falls_behind(standing, policy.behind_tolerance)
    for rule in policy.lights:
        if rule.days is not None:
            yield _moved(standing.due, -rule.days)


def _falls_behind(standing: Standing, tolerance: Share) -> date:
    """Return the first day on which work that stands still is behind."""
    return _lagging(standing.started, standing.due, standing.percent, tolerance)


@lru_cache(maxsize=4096)
def _lagging(started: date, due: date, percent: int, tolerance: Share) -> date:
    """Return when work of ``percent`` lags; asked for every issue at every command."""
    span = (due - started).days
    allowed = Fraction(percent, 100) + Fraction(tolerance)
    lagging = floor(allowed * max(span, 0)) + 1
    return _moved(started, min(lagging, span + 1))


def _moved(day: date, days: int) -> date:
    """Return ``day`` moved, but never past the first or last day there is."""
    last = date.max.toordinal()
    return date.fromordinal(min(max(day.toordinal() + days, 1), last))
