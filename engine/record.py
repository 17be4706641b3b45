"""The shapes every room shares: records, identifiers, sealed content, envelopes."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""An opaque identifier: lower case, no names, no free text."""

Content: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^sealed:[0-9a-f]{32}:[0-9a-f]{64}$")
]
"""A reference into the vault: ``sealed:<object id>:<sha256 of the sealed bytes>``."""

CommandId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$")
]
"""The id a sender gives a command; the same id twice happens once."""


class Record(BaseModel):
    """Immutable once built, and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Command(Record):
    """Something a person asks of a cycle; subclasses add ``kind`` and what is asked."""

    by: Id


class Event(Record):
    """Something that happened; ``by`` is a person, a plugin or ``engine``."""

    at: AwareDatetime
    by: Id


class EventEnvelope(Record):
    """An event on its way into the ledger.

    ``version`` counts from 1 within ``stream`` without gaps, so ``event_id`` is the
    same however often the event is sent. ``command`` is the id of its cause.
    """

    stream: Annotated[str, StringConstraints(pattern=r"^[a-z]+(/[a-z0-9._-]+)+$")]
    version: Annotated[int, Field(ge=1)]
    kind: str
    command: str
    data: dict[str, Any]
    schema_version: Annotated[int, Field(ge=1)] = 1

    @property
    def event_id(self) -> str:
        """Return ``<stream>@<version>``: readable, deterministic, unique for ever."""
        return f"{self.stream}@{self.version}"


Lang: TypeAlias = Literal["zh", "en"]


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON with sorted keys, no spaces and no ASCII escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of ``canonical_json(value)`` as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
