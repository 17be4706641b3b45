"""What is written down of rounds, visits and findings: ids and days, never a text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

VISIT = "roving_guidance.visit"

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Step: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$")]
Number: TypeAlias = Annotated[int, Field(ge=1)]
How: TypeAlias = Literal["halt", "postpone", "rerun"]


class Fact(BaseModel):
    """Something that happened on ``on``, by ``by``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Id
    on: date


class RoundBegan(Fact):
    """The configuration names another round, or another last day of this one."""

    round: Number
    ends: date | None = None


class PeopleNamed(Fact):
    """The roster of a new cycle says who guides, who answers and who assigns."""

    cycle: Id
    guides: tuple[Id, ...]
    branch: tuple[Id, ...]
    superiors: tuple[Id, ...]


class GroupAssigned(Fact):
    """A group is to visit the unit in this round."""

    group: Id


class VisitMade(Fact):
    """The group was there; ``note`` numbers the sheet that the group keeps."""

    note: Id | None = None


class FindingMade(Fact):
    """The group found something about a step; ``asks`` says what should follow."""

    about: Step
    asks: Literal["correct", "postpone", "halt", "rerun"] = "correct"
    cycle: Id | None = None
    note: Id | None = None


class FindingsSent(Fact):
    """The unit was given what was found so far."""


class CorrectionReported(Fact):
    """The branch says that a finding is corrected."""

    finding: Number


class CorrectionJudged(Fact):
    """The group says whether it is."""

    finding: Number
    accepted: bool


class MeetingStopped(Fact):
    """The ledger says that a cycle was halted, postponed or is to be held again."""

    cycle: Id
    how: How


class MeetingWentOn(Fact):
    """The ledger says that a halted cycle goes on."""

    cycle: Id


AskedFact: TypeAlias = (
    GroupAssigned | VisitMade | FindingMade | FindingsSent | CorrectionReported
    | CorrectionJudged
)  # fmt: skip
"""What people ask; the rest is what the configuration and the ledger say."""

GuidanceFact: TypeAlias = AskedFact | RoundBegan | PeopleNamed | MeetingStopped | MeetingWentOn

FACTS: dict[str, type[GuidanceFact]] = {
    fact.__name__: fact
    for fact in (
        RoundBegan, PeopleNamed, GroupAssigned, VisitMade, FindingMade, FindingsSent,
        CorrectionReported, CorrectionJudged, MeetingStopped, MeetingWentOn,
    )
}  # fmt: skip
"""Name to fact; a name never changes."""
