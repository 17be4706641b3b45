"""What is written down of portraits: ids, stages and days, never a word about anybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engine import EventType, PayloadField

PORTRAITS = "judgement_portrait.portraits"

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Number: TypeAlias = Annotated[int, Field(ge=1)]
Source: TypeAlias = Literal["visit", "enquiry", "record"]
Outcome: TypeAlias = Literal["accepted", "explained", "contested"]


class Fact(BaseModel):
    """Something that happened on ``on``, by ``by``, in ``cycle``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Id
    on: date
    cycle: Id


class MemberDue(Fact):
    """The member is to have a portrait; ``drafts`` and ``checks`` say what else is theirs."""

    member: Id
    drafts: bool
    checks: bool


class PortraitsPlanned(Fact):
    """The pinned plan of the cycle has the step."""


class StageReached(Fact):
    """The ledger says that a portrait came to a stage."""

    member: Id
    stage: Id


class StatementMade(Fact):
    """The portrait says one thing more, seen at ``source`` on the day ``seen``."""

    member: Id
    source: Source
    seen: date


class StatementChecked(Fact):
    """Another than its author looked the statement up at its source."""

    member: Id
    statement: Number


class SubjectReplied(Fact):
    """The subject answered; who contests says which statement."""

    member: Id
    outcome: Outcome
    statement: Number | None = None


class ContestDecided(Fact):
    """Somebody outside the branch decided about a contested statement."""

    member: Id
    statement: Number
    upheld: bool


class ExaminationReviewed(Fact):
    """The ledger says that the member's self-examination was judged."""

    member: Id


class PortraitsSealed(Fact):
    """The meeting is over."""


PortraitFact: TypeAlias = (
    MemberDue | PortraitsPlanned | StageReached | StatementMade | StatementChecked
    | SubjectReplied | ContestDecided | ExaminationReviewed | PortraitsSealed
)  # fmt: skip

FACTS: dict[str, type[PortraitFact]] = {
    fact.__name__: fact
    for fact in (
        MemberDue, PortraitsPlanned, StageReached, StatementMade, StatementChecked,
        SubjectReplied, ContestDecided, ExaminationReviewed, PortraitsSealed,
    )
}  # fmt: skip
"""Name to fact; a name never changes."""

TYPES = {"on": "day", "seen": "day", "statement": "whole"} | dict.fromkeys(
    ("drafts", "checks", "upheld"), "truth"
)


def event_types() -> list[EventType]:
    """Return the facts as data, so that they can be read without this plugin."""
    return [
        EventType(
            kind=f"judgement_portrait.{name}",
            fields=tuple(
                PayloadField(name=field, type=TYPES.get(field, "id"), optional=not needed)
                for field, needed in (
                    (f, info.is_required()) for f, info in fact.model_fields.items()
                )
            ),
        )
        for name, fact in FACTS.items()
    ]
