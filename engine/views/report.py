"""The situation report (情况报告): what a branch hands upward, from events alone.

No text is in it: contents stay references into the vault. Source: domain 2.8, T12.
"""

from __future__ import annotations

from datetime import date

from engine.cycle.gates import missing
from engine.cycle.guests import invited
from engine.cycle.state import Cycle
from engine.issue.deadlines import Standing, standing
from engine.record import Record
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import Past, Stated, head
from engine.views.statistics import Rate, Tally, rates, tally


class Prepared(Record):
    """One step of the preparation; ``lacking`` are the ids of what is still missing."""

    step: str
    done: bool
    lacking: tuple[str, ...]


class Held(Record):
    """One meeting by its frozen roll: persons due, present, on leave."""

    meeting: int
    due: int
    present: int
    leave: int
    closed: bool


class Guests(Record):
    """The guests: invited, spoke, stayed from before the opening to the close."""

    invited: int
    spoke: int
    full_session: int


class Motion(Record):
    """One motion voted on; ``due`` voting members were entitled."""

    motion: str
    yes: int
    no: int
    abstain: int
    due: int
    outcome: str


class OpenMatter(Record):
    """An issue that waits for its end; ``due`` as extensions have moved it."""

    issue: int
    standing: Standing
    status: str
    owner: str | None
    due: date | None


class SituationReport(Stated):
    """The report; ``annexes`` are the three lists, the criticisms are counts only."""

    status: str
    rehearsal: bool
    meeting_on: date
    report_due: date | None
    preparation: tuple[Prepared, ...]
    meetings: tuple[Held, ...]
    guests: Guests
    tally: Tally
    rates: dict[str, Rate]
    votes: tuple[Motion, ...]
    open_matters: tuple[OpenMatter, ...]
    annexes: ThreeLists


def report_of(past: Past) -> SituationReport:
    """Return the situation report of the cycle as it stood."""
    cycle, counted = past.cycle, tally(past.cycle, past.day)
    return SituationReport(
        **head(past), status=cycle.status, rehearsal=cycle.rehearsal,
        meeting_on=cycle.meeting_on, report_due=cycle.report_due,
        preparation=_preparation(cycle), meetings=_meetings(cycle), guests=_guests(cycle),
        tally=counted, rates=rates(counted.counts), votes=_votes(past),
        open_matters=_open_matters(past), annexes=lists_of(past),
    )  # fmt: skip


def _preparation(cycle: Cycle) -> tuple[Prepared, ...]:
    if cycle.plan is None:
        return ()
    lacking = ((s.id, missing(cycle, s)) for s in cycle.plan.of_phase("before"))
    return tuple(Prepared(step=s, done=not lacks, lacking=lacks) for s, lacks in lacking)


def _meetings(cycle: Cycle) -> tuple[Held, ...]:
    return tuple(
        Held(
            meeting=m.number, due=len(m.due), present=len(m.present), leave=len(m.leave),
            closed=m.closed,
        )
        for m in cycle.meetings
    )  # fmt: skip


def _guests(cycle: Cycle) -> Guests:
    guests = cycle.guests.values()
    return Guests(
        invited=len(invited(cycle)) if cycle.plan else 0,
        spoke=sum(bool(guest.spoke_in) for guest in guests),
        full_session=sum(guest.before_opening and guest.present for guest in guests),
    )


def _votes(past: Past) -> tuple[Motion, ...]:
    return tuple(
        Motion(
            motion=v.motion, yes=v.yes, no=v.no, abstain=v.abstain, due=v.due, outcome=v.outcome
        )
        for v in past.votes
    )


def _open_matters(past: Past) -> tuple[OpenMatter, ...]:
    return tuple(
        OpenMatter(
            issue=i.number, standing=standing(i, past.day), status=i.status, owner=i.owner,
            due=i.deadline.current if i.deadline else None,
        )
        for i in past.cycle.issues
        if i.open
    )  # fmt: skip
