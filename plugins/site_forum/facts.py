"""What is written down of forums: sites, days, counts, and where the minutes are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count: TypeAlias = Annotated[int, Field(ge=0, le=100_000)]
Channel: TypeAlias = Literal["group_meeting", "pre_shift", "forum", "form"]


class Fact(BaseModel):
    """Something that happened on ``on``, by ``by``, in ``cycle``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Id
    on: date
    cycle: Id


class CollectorsNamed(Fact):
    """The roster of a new cycle says who collects opinions."""

    collectors: tuple[Id, ...]


class ForumPlanned(Fact):
    """A forum is to be held at ``site`` on ``day``."""

    forum: Id
    site: Id
    day: date


class ForumHeld(Fact):
    """It was held on ``day``; ``attended`` people came, and nobody's name is here."""

    forum: Id
    day: date
    attended: Annotated[int, Field(ge=1, le=100_000)]


class ForumMinuted(Fact):
    """Its minutes are kept under ``ref``; ``sha256`` is of the file, never its text."""

    forum: Id
    ref: Id
    sha256: Sha256


class ForumCoded(Fact):
    """So many opinions were coded from the minutes."""

    forum: Id
    opinions: Count


class BatchClosed(Fact):
    """The ledger says that a batch of opinions was closed; a forum's has its name."""

    forum: Id
    channel: Channel
    issued: int
    opinions: int


class OpinionsEnded(Fact):
    """The ledger says that opinions have been sought everywhere."""


PeoplesFact: TypeAlias = ForumPlanned | ForumHeld | ForumMinuted | ForumCoded
ForumFact: TypeAlias = CollectorsNamed | PeoplesFact | BatchClosed | OpinionsEnded

FACTS: dict[str, type[ForumFact]] = {
    fact.__name__: fact
    for fact in (
        CollectorsNamed, ForumPlanned, ForumHeld, ForumMinuted, ForumCoded, BatchClosed,
        OpinionsEnded,
    )
}  # fmt: skip
"""Name to fact; a name never changes."""
