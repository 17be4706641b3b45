"""What a plugin is asked before an issue is signed off, and what it said. Plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.plan.steps import PluginId
from engine.record import Id, Record


class ClosingContext(Record):
    """Which issue is to be signed off, and where the plugin keeps what it heard of it.

    ``folder`` is the one ``on_event`` writes to, there before the call; ``round`` counts
    how often the issue came back, from 1.
    """

    plugin: PluginId
    cycle: Id
    unit: Id
    issue: Annotated[int, Field(ge=1)]
    round: Annotated[int, Field(ge=1)]
    owner: Id | None = None
    rehearsal: bool = False
    config: dict[str, Any] = Field(default_factory=dict)
    folder: Path = Path()


class Finding(Record):
    """What one plugin said of a closing: ``deny`` holds it back, ``warn`` is on record.

    ``code`` is the plugin's own, or says why there is no answer; ``version`` is the one
    that answered.
    """

    plugin: PluginId
    severity: Literal["warn", "deny"]
    code: str
    version: str = ""
