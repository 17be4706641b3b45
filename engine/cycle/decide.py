"""The one door to the rules: what a command causes, or every reason against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from typing import get_args

from engine.cycle import aftermath, commands as c, errors, events as e, meeting, preparation
from engine.cycle.evolve import evolve, opened
from engine.cycle.gates import open_gates
from engine.cycle.state import Cycle, Status
from engine.issue import decide as issue_rules
from engine.issue.acceptance import notice_ends
from engine.issue.commands import FindIssue, IssueCommand
from engine.issue.errors import NoSuchIssue
from engine.plan.steps import Plan
from engine.policy.roles import MAY
from engine.record import Command
from engine.refusal import Refused, refuse

BEFORE: tuple[Status, ...] = ("preparing", "ready", "postponed", "rerun_ordered")
AFTER: tuple[Status, ...] = ("rectifying", "reporting")
RUNNING: tuple[Status, ...] = (*BEFORE, "convened", *AFTER)

_PREPARING = get_args(preparation.PreparationCommand)
_CONVENED = get_args(meeting.MeetingCommand)

WHEN: dict[type[Command], tuple[Status, ...]] = {
    **dict.fromkeys(_PREPARING, BEFORE),
    **dict.fromkeys(_CONVENED, ("convened",)),
    **dict.fromkeys(get_args(IssueCommand), AFTER),
    c.FilePlan: ("planned",),
    c.OpenMeeting: BEFORE,
    c.CheckInGuest: (*BEFORE, "convened"),
    c.ReplyToCriticism: ("convened", *AFTER),
    c.RecordStep: RUNNING,
    FindIssue: RUNNING,
    c.TellVerdict: AFTER,
    c.CompleteLists: ("rectifying",),
    c.SubmitReport: ("rectifying",),
    c.AcceptReport: ("reporting",),
    c.ReturnReport: ("reporting",),
    c.ArchiveCycle: AFTER,
    c.PostponeMeeting: BEFORE,
    c.HaltCycle: RUNNING,
    c.ResumeCycle: ("halted",),
    c.OrderRerun: ("halted", "convened", "rectifying"),
    c.AdvanceClock: ("planned", *RUNNING, "halted"),
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
        clock_shift_s=(start - now).total_seconds(), at=start, by=command.by,
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
    if c.BRANCH_DOCUMENT in ids:
        yield errors.BadRoster(f"reserved id: {c.BRANCH_DOCUMENT}")


def pin_plan(plan: Plan, *, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the event that pins ``plan``; from here on the plan is data."""
    return (e.PlanPinned(plan=plan, at=now, by="engine"),)


def decide(cycle: Cycle, command: c.CycleCommand, *, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason.

    ``now`` is the cycle's own moment: the wall clock plus ``cycle.clock_shift_s``.
    """
    refuse(_out_of_place(cycle, command))
    caused = _rule(cycle, command, now)
    return (*caused, *_consequences(fold(cycle, caused), now))


def _out_of_place(cycle: Cycle, command: c.CycleCommand) -> Iterator[Refused]:
    person = cycle.people.get(command.by)
    wanted = MAY[command.kind]
    if person is None:
        yield errors.UnknownPerson(command.by)
    elif not person.holds(wanted):
        yield errors.NotPermitted(person.id, command.kind, wanted)
    if cycle.plan is None:
        yield errors.NotPlannedYet()
    elif cycle.status not in (when := WHEN[type(command)]):
        yield errors.WrongStatus(cycle.status, when)


def _rule(cycle: Cycle, command: c.CycleCommand, now: datetime) -> tuple[e.AnyEvent, ...]:
    if isinstance(command, preparation.PreparationCommand):
        return preparation.decide(cycle, command, now)
    if isinstance(command, meeting.MeetingCommand):
        return meeting.decide(cycle, command, now)
    if isinstance(command, FindIssue):
        return aftermath.find(cycle, command, now)
    if isinstance(command, IssueCommand):
        return _issue(cycle, command, now)
    return aftermath.decide(cycle, command, now)


def _issue(cycle: Cycle, command: IssueCommand, now: datetime) -> tuple[e.AnyEvent, ...]:
    issue = cycle.issue(command.issue)
    if issue is None:
        raise NoSuchIssue(command.issue)
    owner = getattr(command, "owner", None)
    if owner is not None and owner not in cycle.members():
        raise errors.UnknownPerson(owner)
    bench = issue_rules.Bench(
        person=cycle.people[command.by], policy=cycle.pinned_policy, now=now
    )
    return issue_rules.decide(issue, command, bench)


def _consequences(cycle: Cycle, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return what follows by itself: a cycle whose last gate was passed is ready."""
    if cycle.status not in ("preparing", "postponed") or open_gates(cycle):
        return ()
    return (e.CycleReady(at=now, by="engine"),)


def fold(cycle: Cycle, events: Iterable[e.AnyEvent]) -> Cycle:
    """Return the cycle as it stands after ``events``."""
    return reduce(evolve, events, cycle)


def folded(events: Iterable[e.AnyEvent]) -> Cycle:
    """Return the cycle from its whole stream, ``CyclePlanned`` first."""
    first, *rest = events
    assert isinstance(first, e.CyclePlanned)
    return fold(opened(first), rest)


def moment(cycle: Cycle, wall: datetime) -> datetime:
    """Return the cycle's own moment for the wall clock's ``wall``."""
    return wall + timedelta(seconds=cycle.clock_shift_s)


def next_due(cycle: Cycle) -> datetime | None:
    """Return the next moment at which time itself causes an event; None when none."""
    if cycle.status == "halted":
        return None
    ends = (notice_ends(issue) for issue in cycle.issues)
    return min((end for end in ends if end is not None), default=None)


def time_passed(cycle: Cycle, *, now: datetime) -> tuple[e.AnyEvent, ...]:
    """Return the events that time itself has caused by ``now``, in issue order."""
    if cycle.status == "halted":
        return ()
    return tuple(
        event for issue in cycle.issues for event in issue_rules.expired_notice(issue, now)
    )
