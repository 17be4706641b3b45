"""Rules for invited guests: they arrive, speak once and in turn, and stay or leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.cycle import agenda, commands as c, errors, events as e
from engine.cycle.state import Cycle, Meeting
from engine.refusal import Refused, refuse


def invited(cycle: Cycle) -> tuple[str, ...]:
    """Return everybody the plan invites to speak, once each, in order."""
    steps = (s for s in cycle.pinned_plan.of_phase("meeting") if s.shape == "speakers")
    return tuple(dict.fromkeys(guest for step in steps for guest in step.participants))


def check_in(cycle: Cycle, command: c.CheckInGuest, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the arrival, or refuse an uninvited or second one."""
    if command.guest not in invited(cycle):
        raise errors.NotInvited(command.guest)
    if command.guest in cycle.guests:
        raise errors.AlreadyDone(f"check-in {command.guest}")
    before = cycle.status != "convened"
    return (
        e.GuestCheckedIn(guest=command.guest, before_opening=before, at=now, by=command.by),
    )


def decide(
    cycle: Cycle, meeting: Meeting, command: c.RecordSpeech | c.CheckOutGuest, now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return what a guest in the meeting did, or refuse with every reason."""
    guest, by = command.guest, command.by
    if isinstance(command, c.CheckOutGuest):
        refuse(_absent(cycle, guest))
        return (e.GuestLeft(guest=guest, at=now, by=by),)
    refuse(_may_not_speak(cycle, meeting, guest))
    return (
        e.GuestSpoke(step=meeting.item, guest=guest, content=command.content, at=now, by=by),
    )


def _absent(cycle: Cycle, guest: str) -> Iterator[Refused]:
    if guest not in cycle.guests or not cycle.guests[guest].present:
        yield errors.NotPresent(guest)


def _may_not_speak(cycle: Cycle, meeting: Meeting, guest: str) -> Iterator[Refused]:
    step = cycle.pinned_plan.step(meeting.item)
    if step.shape != "speakers":
        speeches = (s.id for s in agenda.items(cycle) if guest in s.participants)
        yield errors.ItemNotOpen(next(speeches, "-"), meeting.item)
    elif guest not in step.participants:
        yield errors.NotInvited(guest)
    elif guest not in (waiting := agenda.unspoken(cycle, step)):
        yield errors.AlreadyDone(f"speech {guest}")
    elif guest != waiting[0]:
        yield errors.OutOfTurn(guest, waiting[0])
    yield from _absent(cycle, guest)
