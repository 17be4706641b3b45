"""Event types of a plugin's own, as data: they can be read when the plugin is long gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from engine.record import Record

KindName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*$", max_length=80)
]
"""``<plugin id>.<Name>``."""

FieldName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FieldType: TypeAlias = Literal["id", "whole", "truth", "day", "moment", "sealed"]
Scalar: TypeAlias = str | int | bool | None


class PayloadField(Record):
    """One field of an event; what a person wrote is ``sealed``, never text."""

    name: FieldName
    type: FieldType
    optional: bool = False


class Upcast(Record):
    """How the payload of ``version`` becomes one of the next version."""

    version: Annotated[int, Field(ge=1)]
    renamed: dict[FieldName, FieldName] = Field(default_factory=dict)
    added: dict[FieldName, Scalar] = Field(default_factory=dict)
    removed: tuple[FieldName, ...] = ()


class EventType(Record):
    """A type of event: its present version, its fields, and a way up from each older one."""

    kind: KindName
    version: Annotated[int, Field(ge=1)] = 1
    fields: tuple[PayloadField, ...] = ()
    upcasts: tuple[Upcast, ...] = ()

    @model_validator(mode="after")
    def _leave_no_version_behind(self) -> EventType:
        if sorted(step.version for step in self.upcasts) != list(range(1, self.version)):
            raise ValueError(f"upcasts must lead from 1 to {self.version}, one a version")
        return self


def upcast(type_: EventType, version: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` of an older ``version`` as the present version has it. Total.

    A version from the future is returned as it is.
    """
    steps = {step.version: step for step in type_.upcasts}
    raised = dict(data)
    for number in range(version, type_.version):
        step = steps[number]
        kept = {k: v for k, v in raised.items() if k not in step.removed}
        raised = {step.renamed.get(k, k): v for k, v in kept.items()}
        raised = {**step.added, **raised}
    return raised
