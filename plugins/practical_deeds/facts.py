"""What is written down of issues and deeds; ids and days, never a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Number: TypeAlias = Annotated[int, Field(ge=1)]

OWNED = {"IssueClaimed": "owner", "IssueTransferred": "owner", "IssueHandedOver": "successor"}
"""Events that name an owner, and the field that does."""


class Fact(BaseModel):
    """Something that happened on ``on``, by ``by``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Id
    on: date


class DeedListed(Fact):
    """A deed for the people was listed, to be done by ``due``."""

    deed: Id
    due: date


class DeedLinked(Fact):
    """The issue is answered by the deed."""

    deed: Id
    cycle: Id
    issue: Number


class DeedCompleted(Fact):
    """The deed is done."""

    deed: Id


class IssueMoved(Fact):
    """The ledger says who owns the issue, or that it was closed or opened again."""

    cycle: Id
    issue: Number
    owner: str | None = None
    closed: bool | None = None


DeedFact: TypeAlias = DeedListed | DeedLinked | DeedCompleted | IssueMoved
FACTS: dict[str, type[DeedFact]] = {
    fact.__name__: fact for fact in (DeedListed, DeedLinked, DeedCompleted, IssueMoved)
}


def owner_of(kind: str, data: Mapping[str, Any]) -> str | None:
    """Return the owner an event names, if it names one."""
    return data[OWNED[kind]] if kind in OWNED else None
