"""What time itself causes in an issue: each moment, and the event that belongs to it.

Time reminds, escalates and hands unclaimed issues to the branch; it never closes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from engine.issue import events as e, lights
from engine.issue.bench import Bench
from engine.issue.deadlines import deadline_set
from engine.issue.evolve import evolve
from engine.issue.state import AT_WORK, Issue
from engine.policy.calendar import day_after, local_day, start_of
from engine.policy.pack import LadderStep, Policy

Cause: TypeAlias = Callable[[Issue, Bench], tuple[e.IssueEvent, ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """When time causes something, and what."""

    at: datetime
    cause: Cause


def notice_ends(issue: Issue) -> datetime | None:
    """Return when the posted notice's window passes; None when none is open."""
    notice = issue.notice
    return None if notice is None or notice.expired else day_after(notice.last)


KEPT = 8192
_SEEN: dict[int, tuple[Issue, Policy, date | None, Moment | None]] = {}


def next_moment(issue: Issue, policy: Policy, claims_from: date | None) -> Moment | None:
    """Return the issue's next moment; ``claims_from`` is when claiming began, if it has.

    Every command asks it of every issue, and nearly all are the very objects they were:
    their answers are remembered by identity, which a frozen object makes safe.
    """
    known = _SEEN.get(id(issue))
    if known and known[0] is issue and known[1] is policy and known[2] == claims_from:
        return known[3]
    if len(_SEEN) >= KEPT:
        _SEEN.clear()
    moment = _next_moment(issue, policy, claims_from)
    _SEEN[id(issue)] = (issue, policy, claims_from, moment)
    return moment


def _next_moment(issue: Issue, policy: Policy, claims_from: date | None) -> Moment | None:
    found = (
        *_of_the_claim(issue, policy, claims_from), *_of_the_notice(issue),
        *_of_the_ladder(issue, policy), *_of_the_light(issue, policy),
        *_of_the_extension(issue), *_of_the_long_term(issue),
        *_of_the_call_backs(issue), *_of_the_look_back(issue),
        *_of_the_explanation(issue), *_of_the_measures(issue, policy),
    )  # fmt: skip
    return min(found, key=lambda moment: moment.at, default=None)


def passed(
    issue: Issue, bench: Bench, claims_from: date | None, *, until: datetime
) -> Iterator[tuple[datetime, e.IssueEvent]]:
    """Yield every event that time has caused ``until`` then, oldest first."""
    while moment := next_moment(issue, bench.policy, claims_from):
        if moment.at > until:
            return
        for event in moment.cause(issue, bench):
            yield moment.at, event
            issue = evolve(issue, event)


def _of_the_claim(issue: Issue, policy: Policy, since: date | None) -> Iterator[Moment]:
    days = policy.claim_default_days
    if issue.status == "found" and issue.owner is None and days is not None and since:
        begins = max(local_day(issue.found_at), since)
        yield Moment(day_after(begins + timedelta(days=days - 1)), _claim_for_the_branch)


def _claim_for_the_branch(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    secretary = bench.told(issue, ("secretary",))
    claimed = bench.fact(
        e.IssueClaimed, issue, owner=secretary[0], reason="default_claim", to=secretary
    )
    return (claimed, *deadline_set(issue, bench, round_=issue.round))


def _of_the_notice(issue: Issue) -> Iterator[Moment]:
    if ends := notice_ends(issue):
        yield Moment(ends, _take_down)


def _take_down(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    expired = bench.fact(e.NoticeExpired, issue)
    if not bench.policy.notice_two_persons:
        return (expired,)
    return (expired, bench.fact(e.NoticeTakenDown, issue))


def ladder_moment(due: date, step: int) -> datetime:
    """Return when ``step`` is reached: mornings before the due day, the end of days after."""
    day = due + timedelta(days=step)
    return start_of(day) if step < 0 else day_after(day)


def _of_the_ladder(issue: Issue, policy: Policy) -> Iterator[Moment]:
    deadline = issue.deadline
    if deadline is None or issue.long_term or issue.status not in AT_WORK:
        return
    begun = start_of(deadline.since)
    for step in sorted(policy.ladder, key=lambda step: step.days):
        at = ladder_moment(deadline.current, step.days)
        if step.days in deadline.raised or (step.days < 0 and at <= begun):
            continue
        yield Moment(at, _raiser(step))
        return


def _raiser(step: LadderStep) -> Cause:
    def raised(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
        assert issue.deadline is not None
        return (
            bench.fact(
                e.EscalationRaised, issue, step=step.days, instrument=step.instrument,
                due=issue.deadline.current, to=bench.told(issue, step.to),
            ),
        )  # fmt: skip

    return raised


def _of_the_light(issue: Issue, policy: Policy) -> Iterator[Moment]:
    if day := lights.next_change(issue, policy):
        yield Moment(start_of(day), lambda i, bench: lights.changed(i, bench, day))


def _of_the_extension(issue: Issue) -> Iterator[Moment]:
    asked = issue.extension
    if asked and issue.open and not asked.late:
        yield Moment(day_after(asked.decide_by), _decision_late)


def _decision_late(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    assert issue.extension is not None
    told = bench.told(issue, ("superior", "owner"))
    return (bench.fact(e.ExtensionDecisionLate, issue, due=issue.extension.decide_by, to=told),)


def _of_the_long_term(issue: Issue) -> Iterator[Moment]:
    long_term = issue.long_term
    if long_term is None or not issue.open:
        return
    for what, due in (
        ("review", long_term.review_due),
        ("approval", long_term.approved_until),
    ):
        if (what, due) not in long_term.told:
            yield Moment(start_of(due), _reminder(what, due))
    yield Moment(day_after(long_term.approved_until), _lapse)


def _lapse(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    assert issue.long_term is not None
    told = bench.told(issue, ("superior", "owner", "secretary"))
    return (bench.fact(e.LongTermLapsed, issue, due=issue.long_term.approved_until, to=told),)


def _reminder(what: str, due: date) -> Cause:
    def reminded(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
        told = bench.told(issue, ("superior", "owner"))
        return (bench.fact(e.LongTermReviewDue, issue, what=what, due=due, to=told),)

    return reminded


def _of_the_explanation(issue: Issue) -> Iterator[Moment]:
    waiting = issue.explained
    if issue.status == "explaining" and waiting and waiting.answer_by:
        yield Moment(day_after(waiting.answer_by), _unanswered)


def _unanswered(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    return (bench.fact(e.ExplanationAnswered, issue, outcome="declined"),)


def _of_the_measures(issue: Issue, policy: Policy) -> Iterator[Moment]:
    deadline = issue.deadline
    if deadline is None or issue.long_term or issue.status not in AT_WORK or not policy.ladder:
        return
    for number, measure in enumerate(issue.measures, 1):
        if not (measure.done or measure.told) and measure.until < deadline.current:
            yield Moment(day_after(measure.until), _measure_overdue(number, measure.until))


def _measure_overdue(number: int, due: date) -> Cause:
    def overdue(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
        told = bench.told(issue, ("owner",))
        return (bench.fact(e.MeasureOverdue, issue, measure=number, due=due, to=told),)

    return overdue


def _of_the_call_backs(issue: Issue) -> Iterator[Moment]:
    waiting = issue.call_backs
    if waiting and not waiting.late:
        yield Moment(day_after(waiting.due), _call_back_late)


def _call_back_late(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    waiting = issue.call_backs
    assert waiting is not None
    told = bench.told(issue, ("owner", "secretary"))
    return (bench.fact(e.CallBackLate, issue, count=waiting.open, due=waiting.due, to=told),)


def _of_the_look_back(issue: Issue) -> Iterator[Moment]:
    look_back = issue.look_back
    if look_back and not look_back.told and issue.status == "closed":
        yield Moment(start_of(look_back.due), _look_back_due)


def _look_back_due(issue: Issue, bench: Bench) -> tuple[e.IssueEvent, ...]:
    assert issue.look_back is not None
    told = bench.told(issue, ("superior",))
    return (bench.fact(e.LookBackDue, issue, due=issue.look_back.due, to=told),)
