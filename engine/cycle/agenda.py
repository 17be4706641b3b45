"""The order of the meeting, and what each item needs before it may end."""

from __future__ import annotations

from engine.cycle.commands import BRANCH_DOCUMENT
from engine.cycle.errors import ItemNotComplete, ItemsMissing, SpeechMissing
from engine.cycle.state import Cycle, Meeting
from engine.plan.steps import PlannedStep
from engine.policy.roles import BRANCH
from engine.refusal import Refused

EVIDENCED = ("study_texts", "secretary_report", "superior_comment", "summary")
"""Prescribed items that are complete when their substance is recorded."""

COMPLETED_BY = {
    "self_criticism": "deliver_self_exam",
    "mutual_criticism": "confirm_criticism",
    "poll": "count_poll",
}
"""The command that records what an item needs, where it is not the record of a step."""

FIRST, LAST = "opening", "closing"


def items(cycle: Cycle) -> tuple[PlannedStep, ...]:
    """Return the meeting's items in order; the poll only when members are evaluated."""
    return tuple(
        step
        for step in cycle.pinned_plan.of_phase("meeting")
        if step.id != "poll" or cycle.evaluation
    )


def next_item(cycle: Cycle, meeting: Meeting) -> str:
    """Return the item after the open one."""
    order = [step.id for step in items(cycle)]
    return order[min(order.index(meeting.item) + 1, len(order) - 1)]


def order_of_delivery(cycle: Cycle, meeting: Meeting) -> tuple[str, ...]:
    """Return who delivers, in order: branch document, secretary, committee, members."""
    secretary = cycle.holders(("branch_secretary",))
    committee = tuple(p for p in cycle.holders(BRANCH) if p not in secretary)
    others = tuple(m for m in cycle.members() if m not in (*secretary, *committee))
    present = (p for p in (*secretary, *committee, *others) if p in meeting.present)
    return (BRANCH_DOCUMENT, *(p for p in present if not cycle.excused(p, "self_examination")))


def unspoken(cycle: Cycle, step: PlannedStep) -> tuple[str, ...]:
    """Return the invited who have not spoken in ``step``, in the order invited."""
    return tuple(
        guest
        for guest in step.participants
        if guest not in cycle.guests or step.id not in cycle.guests[guest].spoke_in
    )


def incomplete(cycle: Cycle, meeting: Meeting, step: PlannedStep) -> tuple[str, ...]:
    """Return what ``step`` still needs, as ids; nothing when it may end."""
    if step.shape == "speakers":
        return unspoken(cycle, step)
    if step.shape == "evidence" or step.id in EVIDENCED:
        return () if step.id in meeting.recorded else (step.id,)
    match step.id:
        case "self_criticism":
            wanted = order_of_delivery(cycle, meeting)
            return tuple(a for a in wanted if a not in meeting.delivered)
        case "mutual_criticism":
            open_ = (n for n, c in enumerate(cycle.criticisms, 1) if not c.confirmed)
            return tuple(str(n) for n in open_)
        case "poll":
            return tuple(m for m in cycle.voting() if m not in meeting.polled)
        case _:
            return ()


def completing(step: PlannedStep) -> str:
    """Return the kind of command that records what ``step`` needs."""
    if step.shape == "speakers":
        return "record_speech"
    return COMPLETED_BY.get(step.id, "record_step")


def unfinished(cycle: Cycle, meeting: Meeting) -> list[Refused]:
    """Return every reason why the meeting may not close: each speaker by name."""
    found: list[Refused] = []
    unheld = []
    for step in items(cycle):
        if step.shape == "speakers":
            found += [SpeechMissing(step.id, guest) for guest in unspoken(cycle, step)]
        elif step.id == meeting.item and (lacks := incomplete(cycle, meeting, step)):
            found.append(ItemNotComplete(step.id, lacks, completing(step)))
        if step.id not in (*meeting.ended, meeting.item, LAST):
            unheld.append(step.id)
    if unheld:
        found.append(ItemsMissing(tuple(unheld)))
    return found
