"""Rules of the meeting: the roll, the agenda, criticism, guests, votes, the close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias, assert_never

from engine.cycle import agenda, commands as c, errors, events as e, guests, votes
from engine.cycle.gates import due, open_gates
from engine.cycle.quorum import more_than
from engine.cycle.state import Criticism, Cycle, Meeting
from engine.policy.calendar import local_day
from engine.policy.roles import BRANCH
from engine.refusal import Refused, refuse

MeetingCommand: TypeAlias = (
    c.OpenMeeting
    | c.StartItem
    | c.DeliverSelfExam
    | c.RecordCriticism
    | c.ConfirmCriticism
    | c.ReplyToCriticism
    | c.CheckInGuest
    | c.RecordSpeech
    | c.CheckOutGuest
    | c.CountVote
    | c.OpenPoll
    | c.ClosePoll
    | c.CountPoll
    | c.CloseMeeting
)


def decide(cycle: Cycle, command: MeetingCommand, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.OpenMeeting():
            return _open(cycle, command, now)
        case c.CheckInGuest():
            return guests.check_in(cycle, command, now)
        case c.ReplyToCriticism():
            return _reply(cycle, command, now)
    meeting = cycle.meeting
    assert meeting is not None, "only a convened cycle gets here"
    match command:
        case c.StartItem():
            return _start(cycle, meeting, command, now)
        case c.DeliverSelfExam():
            return _deliver(cycle, meeting, command, now)
        case c.RecordCriticism():
            return _record_criticism(cycle, meeting, command, now)
        case c.ConfirmCriticism():
            return _confirm_criticism(cycle, command, now)
        case c.RecordSpeech() | c.CheckOutGuest():
            return guests.decide(cycle, meeting, command, now)
        case c.CountVote() | c.OpenPoll() | c.ClosePoll() | c.CountPoll():
            return votes.decide(cycle, meeting, command, now)
        case c.CloseMeeting():
            refuse(agenda.unfinished(cycle, meeting))
            return _close(cycle, meeting, command, now)
        case _ as unreachable:
            assert_never(unreachable)


def _open(cycle: Cycle, command: c.OpenMeeting, now: datetime) -> tuple[e.CycleEvent, ...]:
    refuse(_may_not_open(cycle, command, now))
    opened = e.MeetingOpened(
        meeting=len(cycle.meetings) + 1, due=due(cycle), present=command.present,
        leave=command.leave, chair=command.chair, recorder=command.recorder,
        at=now, by=command.by,
    )  # fmt: skip
    return (opened, _started(cycle, agenda.FIRST, now, command.by))


def _may_not_open(cycle: Cycle, command: c.OpenMeeting, now: datetime) -> Iterator[Refused]:
    """Yield every reason at once: gates, the day, the roll, the quorum, the chair."""
    yield from open_gates(cycle)
    if (today := local_day(now)) < cycle.meeting_on:
        yield errors.DayNotCome(today.isoformat(), cycle.meeting_on.isoformat())
    members = due(cycle)
    if strangers := tuple(
        p for p in (*command.present, *command.leave) if p not in cycle.members()
    ):
        yield errors.NotDue(strangers)
    present = len({p for p in command.present if p in members})
    quorum = more_than(len(members), cycle.pinned_policy.quorum_open)
    if present < quorum:
        yield errors.QuorumMissed(present, quorum)
    if command.chair not in cycle.holders(BRANCH) or command.chair not in command.present:
        yield errors.MayNotChair(command.chair)
    if command.recorder not in command.present:
        yield errors.NotPresent(command.recorder)


def _started(cycle: Cycle, item: str, now: datetime, by: str) -> e.AgendaItemStarted:
    step = cycle.pinned_plan.step(item)
    return e.AgendaItemStarted(item=item, origin=step.origin, at=now, by=by)


def _start(
    cycle: Cycle, meeting: Meeting, command: c.StartItem, now: datetime
) -> tuple[e.CycleEvent, ...]:
    refuse(_may_not_start(cycle, meeting, command.item))
    ended = e.AgendaItemEnded(item=meeting.item, at=now, by=command.by)
    return (ended, _started(cycle, command.item, now, command.by))


def _may_not_start(cycle: Cycle, meeting: Meeting, item: str) -> Iterator[Refused]:
    after = agenda.next_item(cycle, meeting)
    if item != after or item == agenda.LAST:
        yield errors.ItemOutOfOrder(item, after)
    current = cycle.pinned_plan.step(meeting.item)
    if lacks := agenda.incomplete(cycle, meeting, current):
        yield errors.ItemNotComplete(meeting.item, lacks, agenda.completing(current))


def _item_open(meeting: Meeting, item: str) -> Iterator[Refused]:
    if meeting.item != item:
        yield errors.ItemNotOpen(item, meeting.item)


def _deliver(
    cycle: Cycle, meeting: Meeting, command: c.DeliverSelfExam, now: datetime
) -> tuple[e.CycleEvent, ...]:
    refuse(_may_not_deliver(cycle, meeting, command.author))
    return (e.SelfExamDelivered(author=command.author, at=now, by=command.by),)


def _may_not_deliver(cycle: Cycle, meeting: Meeting, author: str) -> Iterator[Refused]:
    yield from _item_open(meeting, "self_criticism")
    exam = cycle.self_exams.get(author)
    if author in meeting.delivered:
        yield errors.AlreadyDone(author)
        return
    if exam is None or exam.status != "approved":
        yield errors.NotApprovedYet(author)
    order = agenda.order_of_delivery(cycle, meeting)
    waiting = [a for a in order if a not in meeting.delivered]
    if waiting and author != waiting[0]:
        yield errors.OutOfTurn(author, waiting[0])


def _record_criticism(
    cycle: Cycle, meeting: Meeting, command: c.RecordCriticism, now: datetime
) -> tuple[e.CycleEvent, ...]:
    refuse(_may_not_record(cycle, meeting, command))
    said = command.model_dump(exclude={"kind", "by"})
    number = len(cycle.criticisms) + 1
    return (e.CriticismRecorded(**said, item=number, at=now, by=command.by),)


def _may_not_record(
    cycle: Cycle, meeting: Meeting, command: c.RecordCriticism
) -> Iterator[Refused]:
    yield from _item_open(meeting, "mutual_criticism")
    if command.critic not in meeting.present:
        yield errors.NotPresent(command.critic)
    if command.of != c.BRANCH_DOCUMENT and command.of not in cycle.members():
        yield errors.UnknownPerson(command.of)
    if command.of == command.critic and cycle.pinned_policy.criticism_of_others:
        yield errors.OwnCriticism(command.critic)


def _criticism(cycle: Cycle, number: int) -> Criticism:
    if number > len(cycle.criticisms):
        raise errors.NoSuchItem(number)
    return cycle.criticisms[number - 1]


def _confirm_criticism(
    cycle: Cycle, command: c.ConfirmCriticism, now: datetime
) -> tuple[e.CycleEvent, ...]:
    item = _criticism(cycle, command.item)
    suggestion = command.suggestion or item.suggestion
    if item.critic != command.by:
        raise errors.CriticismNotYours(command.item)
    if item.confirmed:
        raise errors.AlreadyDone(f"criticism {command.item}")
    if suggestion is None:
        raise errors.FieldMissing("suggestion")
    return (
        e.CriticismConfirmed(item=command.item, suggestion=suggestion, at=now, by=command.by),
    )


def _reply(
    cycle: Cycle, command: c.ReplyToCriticism, now: datetime
) -> tuple[e.CycleEvent, ...]:
    item = _criticism(cycle, command.item)
    of_branch = item.of == c.BRANCH_DOCUMENT
    answers = cycle.holders(("branch_secretary",)) if of_branch else (item.of,)
    if command.by not in answers:
        raise errors.CriticismNotYours(command.item)
    if item.reply is not None:
        raise errors.AlreadyDone(f"reply {command.item}")
    replied = command.model_dump(exclude={"kind", "by"})
    return (e.CriticismReplied(**replied, at=now, by=command.by),)


def _close(
    cycle: Cycle, meeting: Meeting, command: c.CloseMeeting, now: datetime
) -> tuple[e.CycleEvent, ...]:
    invited = guests.invited(cycle)
    known = [cycle.guests[g] for g in invited if g in cycle.guests]
    return (
        e.AgendaItemEnded(item=meeting.item, at=now, by=command.by),
        e.MeetingClosed(
            meeting=meeting.number,
            invited=len(invited),
            spoke=sum(bool(g.spoke_in) for g in known),
            full_session=sum(g.before_opening and g.present for g in known),
            at=now,
            by=command.by,
        ),
    )
