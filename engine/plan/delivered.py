"""What a plugin is told of an event after the ledger has it. Plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from engine.plan.steps import PluginId
from engine.record import Id, Record


class Delivered(Record):
    """One event of the ledger, as it stands there for ever.

    ``data`` holds sealed references where a person wrote something, never the words.
    ``position`` counts all events of the ledger, ``version`` those of ``stream``.
    """

    event_id: str
    position: Annotated[int, Field(ge=1)]
    stream: str
    version: Annotated[int, Field(ge=1)]
    kind: str
    schema_version: Annotated[int, Field(ge=1)] = 1
    at: AwareDatetime
    data: dict[str, Any]


class DeliveryContext(Record):
    """Whom an event is delivered to, and where the plugin may keep what it makes of it.

    ``key`` is the same at every attempt: ``<plugin>/<event id>``. ``folder`` is the
    plugin's own for this unit, there before the call and kept between calls; nothing in
    it is read by the engine.
    """

    plugin: PluginId
    cycle: Id
    unit: Id
    key: str
    config: dict[str, Any] = Field(default_factory=dict)
    folder: Path
