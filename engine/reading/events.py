"""Events of reading: ids, days and references only. Their names are public for ever."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from engine.ledger.port import Recorded
from engine.record import Content, Event, EventEnvelope, Id


class GlassAsked(Event):
    """Somebody asks to open one subject's content, or one reference, without the right."""

    kind: Literal["GlassAsked"] = "GlassAsked"
    subject: Id | None = None
    content: Content | None = None
    reason: Content
    hours: Annotated[int, Field(ge=1, le=24)]


class GlassAgreed(Event):
    """A second person agreed; the grant ends by itself."""

    kind: Literal["GlassAgreed"] = "GlassAgreed"
    until: AwareDatetime


class SealedContentRead(Event):
    """Content is opened under a grant; ``to`` are those who are told of it."""

    kind: Literal["SealedContentRead"] = "SealedContentRead"
    content: Content
    to: tuple[Id, ...]


class ContentKeyDestroyed(Event):
    """The key of a subject is destroyed, and single objects that were about the subject."""

    kind: Literal["ContentKeyDestroyed"] = "ContentKeyDestroyed"
    subject: Id
    reason: Literal["erasure", "retention"]
    contents: tuple[Content, ...] = ()


class ContentDestroyed(Event):
    """Content whose time was over is destroyed."""

    kind: Literal["ContentDestroyed"] = "ContentDestroyed"
    retention: Literal["minutes", "raw_forms", "talks", "ballots", "unsent"]
    due: date
    contents: tuple[Content, ...] = ()
    subject: Id | None = None


class ReadingsAnchored(Event):
    """The audit of readings stood here: a tail cut off later shows."""

    kind: Literal["ReadingsAnchored"] = "ReadingsAnchored"
    position: Annotated[int, Field(ge=0)]
    head: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ExportMade(Event):
    """A file left the house: what it is of, up to where, and its SHA-256."""

    kind: Literal["ExportMade"] = "ExportMade"
    form: Literal["ledger", "report", "lists"]
    cycle: Id | None = None
    position: Annotated[int, Field(ge=0)]
    head: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


ReadingEvent: TypeAlias = Annotated[
    GlassAsked
    | GlassAgreed
    | SealedContentRead
    | ContentKeyDestroyed
    | ContentDestroyed
    | ReadingsAnchored
    | ExportMade,
    Field(discriminator="kind"),
]
READING_EVENT: TypeAdapter[ReadingEvent] = TypeAdapter(ReadingEvent)


def event_of(recorded: Recorded) -> ReadingEvent:
    """Return the event inside ``recorded``."""
    return READING_EVENT.validate_python({**recorded.event.data, "kind": recorded.event.kind})


def enveloped(event: ReadingEvent, *, stream: str, version: int, command: str) -> EventEnvelope:
    """Return ``event`` ready for the ledger."""
    data = event.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
    return EventEnvelope(
        stream=stream, version=version, kind=event.kind, command=command, data=data
    )
