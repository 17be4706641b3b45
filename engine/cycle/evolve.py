"""How each event changes a cycle. Places facts, knows no rule, never refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from engine.cycle import events as e
from engine.cycle.evolve_rights import evolve_rights
from engine.cycle.evolve_talks import evolve_talks
from engine.cycle.state import (
    Batch,
    Criticism,
    Cycle,
    Guest,
    Meeting,
    SelfExam,
    Status,
)
from engine.issue.aftercare import look_back_day
from engine.issue.events import IssueEvent, IssueFound
from engine.issue.evolve import evolve as evolve_issue, shifted
from engine.issue.state import Issue, LookBackState, found
from engine.policy.calendar import local_day


def opened(event: e.CyclePlanned) -> Cycle:
    """Return the cycle that ``event`` brings into being."""
    return Cycle(
        id=event.cycle,
        unit=event.unit,
        opened_at=event.at,
        meeting_on=event.meeting_on,
        people={person.id: person for person in event.people},
        books=event.books,
        evaluation=event.evaluation,
        rehearsal=event.rehearsal,
        clock_shift_s=event.clock_shift_s,
        shields=event.shields or (),
        events=1,
    )


MOVES: dict[type[e.AnyEvent], Status] = {
    e.PlanFiled: "preparing",
    e.CycleReady: "ready",
    e.MeetingOpened: "convened",
    e.MeetingClosed: "rectifying",
    e.ReportSubmitted: "reporting",
    e.ReportReturned: "rectifying",
    e.CycleArchived: "archived",
    e.CyclePostponed: "postponed",
    e.RerunOrdered: "rerun_ordered",
}
"""Event to the status it leads to."""

RECORDS: dict[type[e.AnyEvent], str] = {
    e.PlanFiled: "plan",
    e.FilingAccepted: "filing",
    e.OpinionsCompleted: "opinions",
    e.ListsCompleted: "lists",
    e.CycleReported: "situation_report",
    e.CycleArchived: "archive",
}
"""Event to the prescribed step it completes."""


def evolve(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    """Return the cycle as it stands after ``event``. Never refuses."""
    if not isinstance(event, e.ClockAdvanced | e.AppealEvent):
        cycle = replace(cycle, events=cycle.events + 1)
    if isinstance(event, IssueFound):
        return replace(cycle, issues=(*cycle.issues, found(event)))
    if isinstance(event, IssueEvent):
        return _evolve_issue(cycle, event)
    if status := MOVES.get(type(event)):
        cycle = replace(cycle, status=status)
    if step := RECORDS.get(type(event)):
        cycle = replace(cycle, recorded=(*cycle.recorded, step))
    match event:
        case e.PolicyPinned(policy=policy):
            return replace(cycle, policy=policy)
        case e.CyclePostponed(to=day):
            return replace(cycle, meeting_on=day)
        case e.RerunOrdered(meeting_on=day):
            stopped = _stopped(cycle, event)
            return replace(stopped, meeting_on=day, halted_from=None, guests={})
        case e.CycleHalted():
            stopped = _stopped(cycle, event)
            return replace(stopped, status="halted", halted_from=cycle.status)
        case e.CycleResumed():
            return replace(cycle, status=cycle.halted_from or cycle.status, halted_from=None)
        case e.ClockAdvanced(clock_shift_s=shift):
            return replace(cycle, clock_shift_s=shift)
        case e.MaterialReviewed(outcome="approved"):
            return replace(cycle, recorded=(*cycle.recorded, "material_review"))
        case e.StepRecorded(step=step):
            return _record(cycle, step)
        case e.MemberStepRecorded(step=step, member=member, stage=stage, at=at):
            stages = {**cycle.member_steps.get(step, {}), member: (stage, local_day(at))}
            return replace(cycle, member_steps={**cycle.member_steps, step: stages})
        case e.VerdictTold(member=member):
            return replace(cycle, told=(*cycle.told, member))
        case _:
            planned = evolve_rights(_evolve_dates(_evolve_plan(cycle, event), event), event)
            return _evolve_people(
                _evolve_preparation(_evolve_meeting(planned, event), event), event
            )


def _evolve_dates(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    match event:
        case e.DeadlinesShifted(days=days):
            issues = tuple(shifted(issue, days) for issue in cycle.issues)
            return replace(cycle, issues=issues, stopped_on=None)
        case e.ReportDueSet(due=due):
            return replace(cycle, report_due=due.day)
        case e.CalendarChanged(calendar=calendar):
            policy = cycle.pinned_policy.model_copy(update={"calendar": calendar})
            return replace(cycle, policy=policy)
        case e.LookBackDrawn():
            return replace(cycle, issues=tuple(_drawn(cycle, i, event) for i in cycle.issues))
        case _:
            return cycle


def _evolve_plan(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    match event:
        case e.PlanPinned(plan=plan):
            return replace(cycle, plan=plan, blocked=(), replanning=False)
        case e.PlanBlocked(conflicts=conflicts):
            plugins = tuple(dict.fromkeys(c.plugin for c in conflicts))
            return replace(cycle, blocked=plugins, replanning=False)
        case e.PlanDecided(choice=choice):
            again = cycle.plan is not None
            return replace(cycle, blocked=(), dropping=choice == "drop", replanning=again)
        case e.ReplanOrdered():
            return replace(cycle, replanning=True)
        case _:
            return cycle


def _stopped(cycle: Cycle, event: e.CycleHalted | e.RerunOrdered) -> Cycle:
    """Stop the issues' clock unless it is stopped already."""
    return replace(cycle, stopped_on=cycle.stopped_on or local_day(event.at))


def _drawn(cycle: Cycle, issue: Issue, event: e.LookBackDrawn) -> Issue:
    if issue.number not in event.population:
        return issue
    due = look_back_day(issue, cycle.pinned_policy)
    chosen = issue.number in (*event.key, *event.sampled)
    look_back = LookBackState(due=due) if chosen and due else None
    return replace(issue, drawn=True, look_back=look_back)


def _record(cycle: Cycle, step: str) -> Cycle:
    """Place the evidence: with the open meeting's items, else with the cycle's steps."""
    if cycle.status != "convened":
        return replace(cycle, recorded=(*cycle.recorded, step))
    meeting = cycle.meetings[-1]
    held = replace(meeting, recorded=(*meeting.recorded, step))
    return replace(cycle, meetings=(*cycle.meetings[:-1], held))


def _evolve_issue(cycle: Cycle, event: IssueEvent) -> Cycle:
    number = event.issue
    issue = evolve_issue(cycle.issues[number - 1], event)
    issues = (*cycle.issues[: number - 1], issue, *cycle.issues[number:])
    return replace(cycle, issues=issues)


def _evolve_preparation(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    match event:
        case e.StudyHeld(participants=participants, books=books):
            studied = dict(cycle.studied)
            for person in participants:
                studied[person] = tuple(sorted({*studied.get(person, ()), *books}))
            return replace(cycle, studied=studied)
        case e.GateExempted(member=member, gate=gate):
            gates = (*cycle.exempt.get(member, ()), gate)
            excused = replace(cycle, exempt={**cycle.exempt, member: gates})
            return evolve_talks(excused, event)
        case e.OpinionBatchClosed():
            batch = Batch(
                channel=event.channel, issued=event.issued, returned=event.returned,
                valid=event.valid, opinions=event.opinions,
            )  # fmt: skip
            return replace(cycle, batches={**cycle.batches, event.batch: batch})
        case e.TalkRequired() | e.TalkConfirmed():
            return evolve_talks(cycle, event)
        case e.SelfExamSubmitted() | e.SelfExamReturned() | e.SelfExamApproved():
            before = cycle.self_exams.get(event.author, SelfExam())
            exams = {**cycle.self_exams, event.author: _reviewed(before, event)}
            return replace(cycle, self_exams=exams)
        case _:
            return cycle


def _reviewed(
    exam: SelfExam, event: e.SelfExamSubmitted | e.SelfExamReturned | e.SelfExamApproved
) -> SelfExam:
    match event:
        case e.SelfExamSubmitted():
            return replace(exam, status="submitted")
        case e.SelfExamReturned():
            return replace(
                exam, status="returned", returned=exam.returned + 1, verdicts=exam.verdicts + 1
            )
        case e.SelfExamApproved():
            return replace(exam, status="approved", verdicts=exam.verdicts + 1)


def _evolve_meeting(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    if isinstance(event, e.MeetingOpened):
        meeting = Meeting(
            number=event.meeting, due=event.due, present=event.present, leave=event.leave,
            chair=event.chair, recorder=event.recorder,
        )  # fmt: skip
        return replace(cycle, meetings=(*cycle.meetings, meeting))
    if not cycle.meetings:
        return cycle
    meeting = cycle.meetings[-1]
    match event:
        case e.AgendaItemStarted(item=item):
            meeting = replace(meeting, item=item)
        case e.AgendaItemEnded(item=item):
            meeting = replace(meeting, ended=(*meeting.ended, item))
        case e.SelfExamDelivered(author=author):
            meeting = replace(meeting, delivered=(*meeting.delivered, author))
        case e.PollOpened(roll=roll):
            meeting = replace(meeting, roll=roll)
        case e.PollClosed(returned=returned):
            meeting = replace(meeting, returned=returned)
        case e.PollCounted(member=member):
            meeting = replace(meeting, polled=(*meeting.polled, member))
        case e.MeetingClosed(at=at):
            meeting = replace(meeting, closed=True)
            cycle = replace(cycle, claims_from=local_day(at))
        case _:
            return cycle
    return replace(cycle, meetings=(*cycle.meetings[:-1], meeting))


def _evolve_people(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    match event:
        case e.CriticismRecorded(critic=critic, of=of, suggestion=suggestion):
            item = Criticism(critic=critic, of=of, suggestion=suggestion)
            return replace(cycle, criticisms=(*cycle.criticisms, item))
        case e.CriticismConfirmed(item=number, suggestion=suggestion, at=at):
            item = replace(
                cycle.criticisms[number - 1], suggestion=suggestion, confirmed=True,
                shown_on=local_day(at),
            )  # fmt: skip
            return _with_criticism(cycle, number, item)
        case e.CriticismReplied(item=number, outcome=outcome):
            item = replace(cycle.criticisms[number - 1], reply=outcome)
            return _with_criticism(cycle, number, item)
        case e.GuestCheckedIn(guest=guest, before_opening=before):
            return _with_guest(cycle, guest, Guest(before_opening=before))
        case e.GuestSpoke(guest=guest, step=step):
            spoken = cycle.guests[guest]
            spoken = replace(spoken, spoke_in=(*spoken.spoke_in, step))
            return _with_guest(cycle, guest, spoken)
        case e.GuestLeft(guest=guest):
            return _with_guest(cycle, guest, replace(cycle.guests[guest], present=False))
        case _:
            return cycle


def _with_criticism(cycle: Cycle, number: int, item: Criticism) -> Cycle:
    before, after = cycle.criticisms[: number - 1], cycle.criticisms[number:]
    return replace(cycle, criticisms=(*before, item, *after))


def _with_guest(cycle: Cycle, guest: str, stands: Guest) -> Cycle:
    return replace(cycle, guests={**cycle.guests, guest: stands})


def fold(cycle: Cycle, events: Iterable[e.AnyEvent]) -> Cycle:
    """Return the cycle as it stands after ``events``."""
    return reduce(evolve, events, cycle)


def folded(events: Iterable[e.AnyEvent]) -> Cycle:
    """Return the cycle from its whole stream, ``CyclePlanned`` first."""
    first, *rest = events
    assert isinstance(first, e.CyclePlanned)
    return fold(opened(first), rest)
