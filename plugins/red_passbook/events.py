"""What is written in a passbook. Nothing is ever changed: corrections are reversals."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from engine import EventType, PayloadField, Upcast


class Fact(BaseModel):
    """Something that was written on ``on`` by ``by``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    on: date


class PassbookOpened(Fact):
    """The unit keeps a passbook; ``by`` names who keeps it."""

    registrar: str


class RegistrarNamed(Fact):
    """Another person keeps the passbook from now on."""

    registrar: str


class RuleSetPublished(Fact):
    """Version ``version`` of the rules holds for acts from ``effective`` on."""

    version: int
    effective: date
    dispute_days: int


class RulePublished(Fact):
    """In this version an act is worth so many points."""

    version: int
    act: str
    points: int


class PointsPosted(Fact):
    """Entry ``entry``: an act of ``day``, worth what version ``version`` said then."""

    entry: int
    person: str
    act: str
    day: date
    version: int
    points: int
    source: str = ""


class PointsReversed(Fact):
    """Entry ``entry`` no longer counts; it stays readable."""

    entry: int


class PointsDisputed(Fact):
    """The person says that the entry is wrong."""

    entry: int


class DisputeDecided(Fact):
    """Somebody other than the registrar decided the dispute."""

    entry: int
    upheld: bool


class PointsRedeemed(Fact):
    """The person gave points for ``what``."""

    person: str
    points: int
    what: str


class PointsPublished(Fact):
    """The totals of that moment were published, once for every channel."""

    publication: int


class TotalPublished(Fact):
    """One line of a publication."""

    publication: int
    person: str
    points: int


PassbookEvent: TypeAlias = (
    PassbookOpened | RegistrarNamed | RuleSetPublished | RulePublished | PointsPosted
    | PointsReversed | PointsDisputed | DisputeDecided | PointsRedeemed | PointsPublished
    | TotalPublished
)  # fmt: skip

EVENTS: dict[str, type[PassbookEvent]] = {
    f"red_passbook.{event.__name__}": event
    for event in (
        PassbookOpened, RegistrarNamed, RuleSetPublished, RulePublished, PointsPosted,
        PointsReversed, PointsDisputed, DisputeDecided, PointsRedeemed, PointsPublished,
        TotalPublished,
    )
}  # fmt: skip
"""Kind to event; a kind never changes."""

UNSAID = "unsaid"
"""What points were given for before it was written down."""

UPCASTS = {
    "red_passbook.PointsRedeemed": (Upcast(version=1, added={"what": UNSAID}),),
}
"""Kind to the ways up from its older versions; what is published never changes."""

TYPES: dict[object, str] = {str: "id", int: "whole", bool: "truth", date: "day"}


def event_types() -> list[EventType]:
    """Return the events as data, so that they can be read without this plugin."""
    return [
        EventType(
            kind=kind,
            version=1 + len(UPCASTS.get(kind, ())),
            upcasts=UPCASTS.get(kind, ()),
            fields=tuple(
                PayloadField(name=name, type=TYPES[field.annotation],
                             optional=not field.is_required())
                for name, field in event.model_fields.items()
            ),
        )
        for kind, event in EVENTS.items()
    ]  # fmt: skip
