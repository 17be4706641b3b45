"""What time itself causes in a cycle, and when: notes of all its issues, one draw, no close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.cycle import appeals, events as e
from engine.cycle.evolve import fold
from engine.cycle.state import Cycle
from engine.issue.aftercare import look_back_day, sample
from engine.issue.bench import Bench
from engine.issue.events import ENGINE
from engine.issue.state import Issue
from engine.issue.timely import next_moment, passed
from engine.policy.calendar import local_day, rolled, start_of

RUNS = ("rectifying", "reporting", "archived")
"""States in which the issues' clock runs."""


def moment(cycle: Cycle, wall: datetime) -> datetime:
    """Return the cycle's own moment for the wall clock's ``wall``."""
    return wall + timedelta(seconds=cycle.clock_shift_s)


def over(cycle: Cycle) -> bool:
    """Say whether nothing is left to do: archived, and no issue, appeal or look-back."""
    if cycle.status != "archived" or any(issue.open for issue in cycle.issues):
        return False
    if any(not appeal.decided for appeal in cycle.appeals):
        return False
    return not any(_awaits_look_back(cycle, issue) for issue in cycle.issues)


def _awaits_look_back(cycle: Cycle, issue: Issue) -> bool:
    if issue.look_back is not None:
        return not issue.look_back.done
    return not issue.drawn and look_back_day(issue, cycle.pinned_policy) is not None


def next_due(cycle: Cycle) -> datetime | None:
    """Return the next moment at which time itself causes an event; None when none."""
    if cycle.policy is None:
        return None
    moments = [due.at for due in appeals.dues(cycle)]
    if cycle.stopped_on is None:
        policy, since = cycle.policy, cycle.claims_from
        moments += [m.at for i in cycle.issues if (m := next_moment(i, policy, since))]
        moments += _draws(cycle)
    return min(moments, default=None)


def time_passed(cycle: Cycle, *, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return the events that time itself has caused by ``now``, in the order of their time.

    Whoever stops the cycle stops the clock of its issues, never that of an appeal; appeals
    come last, for they lie in streams of their own.
    """
    if cycle.policy is None:
        return ()
    work = () if cycle.stopped_on is not None else _of_the_work(cycle, now)
    return (*work, *appeals.passed(cycle, now))


def _of_the_work(cycle: Cycle, now: datetime) -> tuple[e.AnyEvent, ...]:
    events: tuple[e.AnyEvent, ...] = ()
    while (draw := min(_draws(cycle), default=None)) is not None and draw <= now:
        before = _of_the_issues(cycle, now, until=draw)
        cycle = fold(cycle, before)
        drawn = _drawn(cycle, now)
        cycle, events = fold(cycle, (drawn,)), (*events, *before, drawn)
    return (*events, *_of_the_issues(cycle, now, until=now))


def _of_the_issues(cycle: Cycle, now: datetime, *, until: datetime) -> tuple[e.AnyEvent, ...]:
    bench = Bench(by=ENGINE, people=cycle.people, policy=cycle.pinned_policy, now=now)
    found = [
        (at, issue.number, event)
        for issue in cycle.issues
        for at, event in passed(issue, bench, cycle.claims_from, until=until)
    ]
    return tuple(event for _, _, event in sorted(found, key=lambda f: f[:2]))


def _undrawn(cycle: Cycle) -> list[Issue]:
    return [i for i in cycle.issues if i.status == "closed" and not i.drawn]


def _draws(cycle: Cycle) -> Iterator[datetime]:
    """Yield when the next draw is: as soon as the first undrawn issue may be looked at."""
    assert cycle.policy is not None
    for issue in _undrawn(cycle):
        if day := look_back_day(issue, cycle.policy):
            yield start_of(day)


def _drawn(cycle: Cycle, now: datetime) -> e.LookBackDrawn:
    rules = cycle.pinned_policy.look_back
    assert rules is not None, "only a policy with look-backs has a draw"
    undrawn = _undrawn(cycle)
    key = tuple(i.number for i in undrawn if i.severity == "key")
    others = [i.number for i in undrawn if i.severity != "key"]
    seed = str(cycle.events)
    return e.LookBackDrawn(
        seed=seed, population=tuple(i.number for i in undrawn), key=key,
        sampled=sample(seed, others, rules.share), at=now, by=ENGINE,
    )  # fmt: skip


def report_due(cycle: Cycle, now: datetime) -> Iterator[e.ReportDueSet]:
    """Yield the day on which the situation report is due, when policy says one."""
    policy = cycle.pinned_policy
    if policy.report_days is not None:
        last = local_day(now) + timedelta(days=policy.report_days)
        due = rolled(last, policy, roll=policy.report_roll, rule="report_days")
        yield e.ReportDueSet(due=due, at=now, by=ENGINE)


def clock_goes_on(cycle: Cycle, now: datetime) -> Iterator[e.DeadlinesShifted]:
    """Yield how long the issues' clock was stopped, once the cycle is at work again."""
    if cycle.stopped_on is None or cycle.status not in RUNS:
        return
    days = (local_day(now) - cycle.stopped_on).days
    yield e.DeadlinesShifted(days=days, at=now, by=ENGINE)
