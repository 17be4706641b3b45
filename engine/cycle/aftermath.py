"""Rules after the meeting, and of the side states: halt, postpone, rerun."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypeAlias, assert_never

from engine.cycle import agenda, commands as c, errors, events as e, members
from engine.cycle.replies import unanswered, undecided, unfinal
from engine.cycle.state import Cycle
from engine.issue.bench import Bench
from engine.issue.calendars import recalculated
from engine.issue.commands import FindIssue
from engine.issue.events import ENGINE, IssueEvent, IssueFound
from engine.issue.state import SETTLED
from engine.plan.steps import Phase, PlannedStep
from engine.policy.calendar import local_day
from engine.refusal import Refused, refuse

AftermathCommand: TypeAlias = (
    c.RecordStep
    | c.RecordMemberStep
    | c.CompleteLists
    | c.SubmitReport
    | c.AcceptReport
    | c.ReturnReport
    | c.ArchiveCycle
    | c.PostponeMeeting
    | c.HaltCycle
    | c.ResumeCycle
    | c.OrderRerun
    | c.ChangeCalendar
    | c.AdvanceClock
)

EVIDENCED_AFTER = ("publication", "look_back")
"""Prescribed steps after the meeting that are done when their evidence is recorded."""


def decide(cycle: Cycle, command: AftermathCommand, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    by = command.by
    match command:
        case c.RecordStep():
            return _record(cycle, command, now)
        case c.RecordMemberStep():
            return members.record(cycle, command, _of_now(cycle), now)
        case c.CompleteLists():
            refuse((*_lists_incomplete(cycle), *unanswered(cycle, local_day(now))))
            measures = sum(len(issue.measures) for issue in cycle.issues)
            return (
                e.ListsCompleted(issues=len(cycle.issues), measures=measures, at=now, by=by),
            )
        case c.SubmitReport(content=content):
            if "lists" not in cycle.recorded:
                raise errors.StepsMissing(("lists",))
            return (e.ReportSubmitted(content=content, at=now, by=by),)
        case c.AcceptReport():
            if "situation_report" in cycle.recorded:
                raise errors.AlreadyDone("situation_report")
            return (e.CycleReported(at=now, by=by),)
        case c.ReturnReport(reason=reason):
            return (e.ReportReturned(reason=reason, at=now, by=by),)
        case c.ArchiveCycle():
            refuse((*_may_not_archive(cycle), *undecided(cycle, local_day(now))))
            return (e.CycleArchived(at=now, by=by),)
        case _:
            return _aside(cycle, command, now)


def _aside(
    cycle: Cycle,
    command: c.PostponeMeeting
    | c.HaltCycle
    | c.ResumeCycle
    | c.OrderRerun
    | c.ChangeCalendar
    | c.AdvanceClock,
    now: datetime,
) -> tuple[e.AnyEvent, ...]:
    by = command.by
    match command:
        case c.PostponeMeeting(to=to, reason=reason):
            return (e.CyclePostponed(to=to, reason=reason, at=now, by=by),)
        case c.HaltCycle(reason=reason):
            return (e.CycleHalted(reason=reason, at=now, by=by),)
        case c.ResumeCycle():
            return (e.CycleResumed(at=now, by=by),)
        case c.OrderRerun(meeting_on=day, reason=reason):
            if not cycle.meetings:
                raise errors.StepsMissing(("opening",))
            return (e.RerunOrdered(meeting_on=day, reason=reason, at=now, by=by),)
        case c.ChangeCalendar():
            return _change_calendar(cycle, command, now)
        case c.AdvanceClock():
            return _advance(cycle, command, now)
        case _ as unreachable:
            assert_never(unreachable)


def _change_calendar(
    cycle: Cycle, command: c.ChangeCalendar, now: datetime
) -> tuple[e.AnyEvent, ...]:
    """Pin the calendar, and count every running date again that counts working days."""
    pinned = e.CalendarChanged(
        calendar=command.calendar, reason=command.reason, at=now, by=command.by
    )
    policy = cycle.pinned_policy.model_copy(update={"calendar": command.calendar})
    bench = Bench(by=ENGINE, people=cycle.people, policy=policy, now=now)
    moved: list[IssueEvent] = [v for i in cycle.issues for v in recalculated(i, bench)]
    return (pinned, *moved)


def _advance(cycle: Cycle, command: c.AdvanceClock, now: datetime) -> tuple[e.CycleEvent, ...]:
    if not cycle.rehearsal:
        raise errors.NotARehearsal()
    if command.to < now:
        raise errors.ClockGoesForward(now.isoformat(), command.to.isoformat())
    shift = cycle.clock_shift_s + (command.to - now).total_seconds()
    return (e.ClockAdvanced(to=command.to, clock_shift_s=shift, at=now, by=command.by),)


def _recordable(cycle: Cycle) -> tuple[str, ...]:
    """Return the steps that take evidence in the current phase."""
    if cycle.status == "convened":
        assert cycle.meeting is not None
        item = cycle.pinned_plan.step(cycle.meeting.item)
        takes = item.shape == "evidence" or item.id in agenda.EVIDENCED
        return (item.id,) if takes else ()
    steps = _of_now(cycle)
    return tuple(s.id for s in steps if s.shape == "evidence" or s.id in EVIDENCED_AFTER)


def _of_now(cycle: Cycle) -> tuple[PlannedStep, ...]:
    """Return the steps of the phase the cycle is in, outside the meeting."""
    phase: Phase = "after" if cycle.status in ("rectifying", "reporting") else "before"
    return cycle.pinned_plan.of_phase(phase)


def _record(cycle: Cycle, command: c.RecordStep, now: datetime) -> tuple[e.CycleEvent, ...]:
    known = _recordable(cycle)
    if command.step not in known:
        raise errors.NoSuchStep(command.step, known)
    step = cycle.pinned_plan.step(command.step)
    meeting = cycle.meeting
    held = meeting.recorded if meeting and cycle.status == "convened" else cycle.recorded
    if step.id in held:
        raise errors.AlreadyDone(step.id)
    if step.role and not cycle.people[command.by].holds((step.role,)):
        raise errors.NotPermitted(command.by, step.id, (step.role,))
    return (
        e.StepRecorded(
            step=step.id, origin=step.origin, evidence=command.evidence, at=now, by=command.by
        ),
    )


def _lists_incomplete(cycle: Cycle) -> Iterator[Refused]:
    at_work = [i for i in cycle.issues if i.status not in SETTLED]
    unclaimed = tuple(str(i.number) for i in at_work if i.owner is None)
    unmeasured = tuple(str(i.number) for i in at_work if not i.measures)
    if unclaimed or unmeasured:
        yield errors.IssuesUnready(unclaimed, unmeasured)
    if "lists" in cycle.recorded:
        yield errors.AlreadyDone("lists")


def _may_not_archive(cycle: Cycle) -> Iterator[Refused]:
    """Yield every open step, and every open issue without a named successor."""
    if open_ := tuple(str(i.number) for i in cycle.issues if i.open and not i.successor):
        yield errors.IssuesOpen(open_)
    done = set(cycle.recorded) | {"rectification", "archive"}
    untold = [m for m in cycle.voting() if m not in cycle.told] if cycle.evaluation else []
    if not untold:
        done.add("verdicts")
    steps = cycle.pinned_plan.of_phase("after")
    whole = (s for s in steps if s.shape == "each_member")
    done |= {s.id for s in whole if not members.unfinished_members(cycle, s)}
    if lacking := tuple(s.id for s in steps if s.id not in done):
        yield errors.StepsMissing(lacking)


def find(cycle: Cycle, command: FindIssue, now: datetime) -> tuple[IssueFound, ...]:
    """Return the new issue under the next number; a member's issue names the member."""
    refuse((*_incomplete(cycle, command), *_not_from(cycle, command, local_day(now))))
    found = command.model_dump(exclude={"kind", "by"})
    return (IssueFound(**found, issue=len(cycle.issues) + 1, at=now, by=command.by),)


def _incomplete(cycle: Cycle, command: FindIssue) -> Iterator[Refused]:
    people = (*command.critics, *((command.subject,) if command.subject else ()))
    yield from (errors.UnknownPerson(p) for p in people if p not in cycle.people)
    if command.subject_kind == "member" and command.subject is None:
        yield errors.FieldMissing("subject")


def _not_from(cycle: Cycle, command: FindIssue, today: date) -> Iterator[Refused]:
    """Yield why no issue is found in the criticism it names, or has to name."""
    number = command.criticism
    if number is None:
        if cycle.edition >= 3 and "criticism" in command.sources:
            yield errors.CriticismNotNamed()
        return
    if number > len(cycle.criticisms):
        yield errors.NoSuchItem(number)
        return
    if number in unfinal(cycle, today, "open", "contested", "struck"):
        yield errors.CriticismsNotFinal((str(number),))
    of = cycle.criticisms[number - 1].of
    if cycle.edition >= 3 and command.subject not in (None, of):
        yield errors.CriticismOfAnother(number, of)
