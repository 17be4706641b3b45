"""What a representative sees: the agenda, their place in the order, their own speech.

Source: domain P08.
"""

from __future__ import annotations

from typing import Literal

from engine.cycle import agenda
from engine.cycle.guests import invited
from engine.cycle.state import Cycle, Meeting
from engine.guests.refusals import MeetingOver, NoSuchGuest
from engine.plan.prescribed import title
from engine.plan.steps import PlannedStep
from engine.record import Content, Record

LOCAL = {
    "speakers": ("服务对象代表发言", "Representatives speak"),
    "evidence": ("本单位增加的议程", "An item the unit adds"),
}
"""Local steps by shape, in both languages: the plan has only an id for them, for plugins."""

BEFORE = ("planned", "preparing", "ready", "postponed", "rerun_ordered")


class Item(Record):
    """An item of the agenda, in both languages."""

    zh: str
    en: str
    stands: Literal["to_come", "now", "done"]


class Place(Record):
    """Where a guest stands among the speakers of an item; ``ahead`` have yet to speak."""

    number: int
    of: int
    ahead: int
    spoke: bool


class GuestView(Record):
    """All that a guest's link opens; ``speech`` is a reference into the vault."""

    agenda: tuple[Item, ...]
    places: tuple[Place, ...]
    speech: Content | None = None


def meeting_of(cycle: Cycle) -> int:
    """Return the number of the meeting that is on or to come, counted from 1.

    Raises:
        MeetingOver: it is closed.
    """
    held = cycle.meeting.number if cycle.meeting else 0
    status = cycle.halted_from if cycle.status == "halted" else cycle.status
    if status in BEFORE:
        return held + 1
    if status == "convened" and cycle.meeting and not cycle.meeting.closed:
        return held
    raise MeetingOver


def view_of(cycle: Cycle, guest: str, *, speech: str | None) -> GuestView:
    """Return what ``guest`` may see of the meeting that is on or to come.

    Raises:
        NoSuchGuest: the plan does not invite them.
        MeetingOver: the meeting is closed.
    """
    if guest not in invited(cycle):
        raise NoSuchGuest(guest)
    on = cycle.meeting is not None and cycle.meeting.number == meeting_of(cycle)
    meeting = cycle.meeting if on else None
    items = agenda.items(cycle)
    speaking = (step for step in items if guest in step.participants)
    return GuestView(
        agenda=tuple(_item(step, meeting) for step in items),
        places=tuple(_place(cycle, step, guest) for step in speaking),
        speech=speech,
    )


def _item(step: PlannedStep, meeting: Meeting | None) -> Item:
    stands: Literal["to_come", "now", "done"] = "to_come"
    if meeting is not None and step.id in meeting.ended:
        stands = "done"
    elif meeting is not None and step.id == meeting.item:
        stands = "now"
    zh, en = LOCAL.get(step.shape, (title(step, "zh"), title(step, "en")))
    return Item(zh=zh, en=en, stands=stands)


def _place(cycle: Cycle, step: PlannedStep, guest: str) -> Place:
    waiting = agenda.unspoken(cycle, step)
    at = step.participants.index(guest)
    return Place(
        number=at + 1, of=len(step.participants), spoke=guest not in waiting,
        ahead=sum(other in waiting for other in step.participants[:at]),
    )  # fmt: skip
