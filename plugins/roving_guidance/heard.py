"""What the configuration and the ledger's events say about rounds and visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, timezone

from engine import Delivered

from .facts import (
    VISIT,
    GuidanceFact,
    How,
    MeetingStopped,
    MeetingWentOn,
    PeopleNamed,
    RoundBegan,
    VisitMade,
)
from .rounds import Register

LOCAL = timezone(timedelta(hours=8))
STOPS: dict[str, How] = {
    "CycleHalted": "halt", "CyclePostponed": "postpone", "RerunOrdered": "rerun",
}  # fmt: skip
GUIDES = frozenset({"guidance_group"})
BRANCH = frozenset({"branch_secretary", "committee_member"})
SUPERIORS = frozenset({"superior_officer"})


def round_of(
    register: Register, number: int | None, ends: date | None, event: Delivered
) -> Iterator[RoundBegan]:
    """Yield the configured round unless it is on already; rounds do not go back."""
    if (
        number
        and number >= register.round
        and (number, ends) != (register.round, register.ends)
    ):
        yield RoundBegan(by=event.data["by"], on=_day(event), round=number, ends=ends)


def facts_of(cycle: str, event: Delivered) -> Iterator[GuidanceFact]:
    """Yield what is to be written down of ``event``; nothing when it is about others."""
    by, on = event.data["by"], _day(event)
    match event.kind:
        case "CyclePlanned":
            people = {p["id"]: frozenset(p["roles"]) for p in event.data["people"]}
            yield PeopleNamed(
                by=by, on=on, cycle=cycle, guides=_holders(people, GUIDES),
                branch=_holders(people, BRANCH), superiors=_holders(people, SUPERIORS),
            )  # fmt: skip
        case "StepRecorded" if event.data["step"] == VISIT:
            yield VisitMade(by=by, on=on)
        case "CycleHalted" | "CyclePostponed" | "RerunOrdered":
            yield MeetingStopped(by=by, on=on, cycle=cycle, how=STOPS[event.kind])
        case "CycleResumed":
            yield MeetingWentOn(by=by, on=on, cycle=cycle)


def _holders(people: dict[str, frozenset[str]], roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(person for person, held in people.items() if held & roles)


def _day(event: Delivered) -> date:
    return event.at.astimezone(LOCAL).date()
