"""How a plugin says that it is well, or what it lacks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from engine.plan.steps import PluginId
from engine.record import Record


class HealthContext(Record):
    """Who is asked, with the configuration of the province."""

    plugin: PluginId
    config: dict[str, Any] = Field(default_factory=dict)


class HealthReport(Record):
    """How a plugin fares; ``code`` names a lack, such as ``no_printer``, never a value."""

    status: Literal["ok", "degraded", "failed"]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,64}$")] = ""
