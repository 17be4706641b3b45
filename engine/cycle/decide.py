"""The one door to the rules: what a command causes, or every reason against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from engine.cycle import (
    aftermath,
    appeals,
    commands as c,
    errors,
    events as e,
    meeting,
    planning,
    preparation,
    rights,
    shield,
    timely as time_rules,
)
from engine.cycle.evolve import fold
from engine.cycle.gates import open_gates
from engine.cycle.replies import unpublishable
from engine.cycle.state import Cycle, Status
from engine.issue import closing, decide as issue_rules, lights
from engine.issue.bench import Bench
from engine.issue.commands import (
    ApproveIssue,
    ClearNotice,
    DraftNotice,
    FindIssue,
    IssueCommand,
    MergeIssue,
    PostNotice,
)
from engine.issue.dispositions import joined
from engine.issue.errors import NoSuchIssue
from engine.issue.events import ENGINE, IssueApproved, IssueEvent
from engine.issue.state import Issue
from engine.plan.closing import Finding
from engine.policy.calendar import local_day
from engine.policy.roles import MAY, SUPERIOR
from engine.record import Command
from engine.refusal import Refused, refuse

BEFORE: tuple[Status, ...] = ("preparing", "ready", "postponed", "rerun_ordered")
AFTER: tuple[Status, ...] = ("rectifying", "reporting")
ISSUES_LIVE: tuple[Status, ...] = (*AFTER, "archived")
"""An archived file ends the meeting's business; its open issues go on."""

RUNNING: tuple[Status, ...] = (*BEFORE, "convened", *AFTER)

_PREPARING = get_args(preparation.PreparationCommand)
_CONVENED = get_args(meeting.MeetingCommand)

WHEN: dict[type[Command], tuple[Status, ...]] = {
    **dict.fromkeys(_PREPARING, BEFORE),
    **dict.fromkeys(_CONVENED, ("convened",)),
    **dict.fromkeys(get_args(IssueCommand), ISSUES_LIVE),
    c.DecidePlan: ("planned", *RUNNING),
    c.Replan: ("planned", *RUNNING),
    c.FilePlan: ("planned",),
    c.OpenMeeting: BEFORE,
    c.CheckInGuest: (*BEFORE, "convened"),
    c.ReplyToCriticism: ("convened", *AFTER),
    c.RecordStep: RUNNING,
    c.RecordMemberStep: (*BEFORE, *AFTER),
    FindIssue: RUNNING,
    c.DecideCriticism: ("convened", *AFTER),
    c.ProposeVerdict: AFTER,
    c.ReplyToVerdict: AFTER,
    c.DecideVerdict: AFTER,
    c.TellVerdict: AFTER,
    c.StrikeVerdict: AFTER,
    **dict.fromkeys(
        get_args(appeals.AppealCommand), ("planned", *RUNNING, "halted", "archived")
    ),
    c.CompleteLists: ("rectifying",),
    c.SubmitReport: ("rectifying",),
    c.AcceptReport: ("reporting",),
    c.ReturnReport: ("reporting",),
    c.ArchiveCycle: AFTER,
    c.PostponeMeeting: BEFORE,
    c.HaltCycle: RUNNING,
    c.ResumeCycle: ("halted",),
    c.OrderRerun: ("halted", "convened", "rectifying"),
    c.ChangeCalendar: (*RUNNING, "archived"),
    c.AdvanceClock: ("planned", *RUNNING, "halted", "archived"),
}
"""Command to the states of the cycle in which it may be asked."""


def open_cycle(command: c.OpenCycle, *, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the first two events of a cycle; ``now`` is the wall clock.

    Raises:
        Refused: the roster lacks a secretary or a member, or names somebody twice.
    """
    refuse(_roster(command))
    start = command.rehearsal_from or now
    planned = e.CyclePlanned(
        cycle=command.cycle, unit=command.unit, meeting_on=command.meeting_on,
        people=command.people, books=command.books, evaluation=command.evaluation,
        rehearsal=command.rehearsal_from is not None,
        clock_shift_s=(start - now).total_seconds(), shields=command.shields, at=start,
        by=command.by,
    )  # fmt: skip
    policy = command.policy
    pinned = e.PolicyPinned(policy=policy, digest=policy.digest, at=start, by=command.by)
    return (planned, pinned)


def _roster(command: c.OpenCycle) -> Iterator[Refused]:
    ids = [person.id for person in command.people]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        yield errors.BadRoster(f"twice: {', '.join(twice)}")
    secretaries = [p.id for p in command.people if p.holds(("branch_secretary",))]
    if len(secretaries) != 1:
        yield errors.BadRoster(f"branch_secretary: {len(secretaries)}")
    if command.by not in secretaries:
        yield errors.NotPermitted(command.by, "open_cycle", ("branch_secretary",))
    for reserved in sorted({c.BRANCH_DOCUMENT, e.APPELLANT} & set(ids)):
        yield errors.BadRoster(f"reserved id: {reserved}")


def decide(cycle: Cycle, command: c.CycleCommand, *, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason.

    ``now`` is the cycle's own moment: the wall clock plus ``cycle.clock_shift_s``.
    """
    refuse(_out_of_place(cycle, command))
    refuse(shield.against(cycle, command, local_day(now)))
    caused = _rule(cycle, command, now)
    return (*caused, *_consequences(fold(cycle, caused), caused, now))


def _out_of_place(cycle: Cycle, command: c.CycleCommand) -> Iterator[Refused]:
    person = cycle.people.get(command.by)
    wanted = MAY[command.kind]
    if person is None:
        yield errors.UnknownPerson(command.by)
    elif not person.holds(wanted):
        yield errors.NotPermitted(person.id, command.kind, wanted)
    if cycle.plan is None and not isinstance(command, c.DecidePlan):
        yield errors.PlanIsBlocked(cycle.blocked) if cycle.blocked else errors.NotPlannedYet()
    elif cycle.status not in (when := WHEN[type(command)]):
        yield errors.WrongStatus(cycle.status, when)


def _rule(cycle: Cycle, command: c.CycleCommand, now: datetime) -> tuple[e.AnyEvent, ...]:
    if isinstance(command, planning.PlanningCommand):
        return planning.decide(cycle, command, now)
    if isinstance(command, preparation.PreparationCommand):
        return preparation.decide(cycle, command, now)
    if isinstance(command, meeting.MeetingCommand):
        return meeting.decide(cycle, command, now)
    if isinstance(command, rights.RightsCommand):
        return rights.decide(cycle, command, now)
    if isinstance(command, FindIssue):
        return aftermath.find(cycle, command, now)
    if isinstance(command, IssueCommand):
        return _issue(cycle, command, now)
    return aftermath.decide(cycle, command, now)


def _issue(cycle: Cycle, command: IssueCommand, now: datetime) -> tuple[e.AnyEvent, ...]:
    issue = cycle.issue(command.issue)
    if issue is None:
        raise NoSuchIssue(command.issue)
    for name in ("owner", "successor"):
        person = getattr(command, name, None)
        if person is not None and person not in cycle.members():
            raise errors.UnknownPerson(person)
    if isinstance(command, DraftNotice | ClearNotice | PostNotice):
        refuse(unpublishable(cycle, issue, local_day(now)))
    bench = bench_of(cycle, command.by, now)
    events = issue_rules.decide(issue, command, bench)
    if isinstance(command, ApproveIssue):
        events = (*events, *_in_place_of_the_committee(cycle, issue, bench))
    if isinstance(command, MergeIssue):
        kept = cycle.issue(command.into)
        if kept is None:
            raise NoSuchIssue(command.into)
        events = (*events, *joined(kept, issue, bench))
    return events


def _in_place_of_the_committee(
    cycle: Cycle, issue: Issue, bench: Bench
) -> tuple[IssueApproved, ...]:
    """Return the superior's approval as the committee's, which has to keep off the owner."""
    superior = bench.person.holds(SUPERIOR)
    if superior and shield.committee_kept_off(cycle, issue.owner, bench.today):
        return (bench.fact(IssueApproved, issue, level="committee"),)
    return ()


def bench_of(cycle: Cycle, by: str, now: datetime) -> Bench:
    """Return what a decision about an issue of ``cycle`` knows besides the issue."""
    return Bench(
        by=by, people=cycle.people, policy=cycle.pinned_policy, now=now,
        reviewers=cycle.plan.closing if cycle.plan else (),
    )  # fmt: skip


def closing_reviewed(
    cycle: Cycle, number: int, findings: tuple[Finding, ...], *, now: datetime
) -> tuple[e.AnyEvent, ...]:
    """Return what the plugins' answers about closing issue ``number`` lead to."""
    bench = bench_of(cycle, ENGINE, now)
    caused = closing.reviewed(cycle.issues[number - 1], findings, bench)
    return (*caused, *_consequences(fold(cycle, caused), caused, now))


def _consequences(
    cycle: Cycle, caused: tuple[e.AnyEvent, ...], now: datetime
) -> tuple[e.AnyEvent, ...]:
    """Return what follows by itself: readiness, the report's day, a moved clock, a light."""
    follow: list[e.AnyEvent] = []
    if cycle.status in ("preparing", "postponed") and not open_gates(cycle):
        follow.append(e.CycleReady(at=now, by=ENGINE))
    for event in caused:
        if isinstance(event, e.MeetingClosed):
            follow += time_rules.report_due(cycle, now)
        if isinstance(event, e.MeetingClosed | e.CycleResumed):
            follow += time_rules.clock_goes_on(cycle, now)
    touched = dict.fromkeys(v.issue for v in caused if isinstance(v, IssueEvent))
    bench = bench_of(cycle, ENGINE, now)
    for number in touched:
        follow += lights.after_command(cycle.issues[number - 1], bench)
    return tuple(follow)
