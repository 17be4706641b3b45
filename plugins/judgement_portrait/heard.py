"""What the ledger's events say about portraits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

from engine import Delivered

from .facts import (
    PORTRAITS,
    ExaminationReviewed,
    MemberDue,
    PortraitFact,
    PortraitsPlanned,
    PortraitsSealed,
    StageReached,
)

LOCAL = timezone(timedelta(hours=8))
DRAFTERS = {"branch_secretary", "committee_member"}
CHECKERS = {"committee_member"}
MEMBERS = {*DRAFTERS, "party_group_leader", "member", "leading_cadre", "probationary_member"}


def facts_of(cycle: str, event: Delivered) -> Iterator[PortraitFact]:
    """Yield what is to be written down of ``event``; nothing when it is about others."""
    data = event.data
    said = {"by": data["by"], "on": event.at.astimezone(LOCAL).date(), "cycle": cycle}
    match event.kind:
        case "CyclePlanned":
            yield from _due(said, data["people"])
        case "PlanPinned" if PORTRAITS in {step["id"] for step in data["plan"]["steps"]}:
            yield PortraitsPlanned(**said)
        case "MemberStepRecorded" if data["step"] == PORTRAITS:
            yield StageReached(**said, member=data["member"], stage=data["stage"])
        case "SelfExamApproved" | "SelfExamReturned":
            yield ExaminationReviewed(**said, member=data["author"])
        case "MeetingClosed":
            yield PortraitsSealed(**said)


def _due(said: dict[str, Any], people: list[dict[str, Any]]) -> Iterator[MemberDue]:
    for person in people:
        roles = set(person["roles"])
        if roles & MEMBERS:
            yield MemberDue(
                **said, member=person["id"], drafts=bool(roles & DRAFTERS),
                checks=bool(roles & CHECKERS),
            )  # fmt: skip
