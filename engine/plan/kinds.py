"""Event types of a plugin's own, as data: they can be read when the plugin is long gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
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


def misfit(type_: EventType, version: int, names: Iterable[str]) -> set[str]:
    """Return the fields too many or too few once a payload of ``version`` is upcast."""
    needed = {field.name for field in type_.fields if not field.optional}
    got = upcast(type_, version, dict.fromkeys(names)).keys()
    return (needed - got) | (got - {field.name for field in type_.fields})


def departures(kept: Iterable[EventType], told: Iterable[EventType]) -> Iterator[str]:
    """Yield, ``zh | en``, where a plugin that registers ``told`` leaves what it published.

    That is ``kept``, one for each version: none may be gone or be another, and each has to
    become what the present version has.
    """
    now = {type_.kind: type_ for type_ in told}
    for old in kept:
        if wrong := _departure(old, now.get(old.kind)):
            zh, en = wrong
            yield f"{old.kind} 第 {old.version} 版{zh} | {old.kind} version {old.version} {en}"


def _departure(old: EventType, new: EventType | None) -> tuple[str, str] | None:
    if new is None or new.version < old.version:
        return "已公布,不能撤回,请照旧登记", "is published and cannot go: register it as before"
    was, is_ = (_published(type_, old.version, new.version) for type_ in (old, new))
    if was != is_:
        kept, told = "; ".join(sorted(was - is_)) or "-", "; ".join(sorted(is_ - was)) or "-"
        return (
            f"已公布,不能改:已存 {kept},现报 {told};请照旧登记,改动另出新版",
            f"is published and cannot change: kept {kept}, told {told}; register it as "
            "before, and the change as a newer version",
        )
    if amiss := ", ".join(sorted(_amiss(old, new))):
        return (
            f"升不到第 {new.version} 版,请改 upcasts:{amiss}",
            f"does not become version {new.version}, mend the upcasts: {amiss}",
        )
    return None


def _published(type_: EventType, version: int, present: int) -> set[str]:
    """Return what is fixed of ``version`` for ever; of a present one its fields are too."""
    lines = {
        f"upcast {step.version}: {_sorted(step)}"
        for step in type_.upcasts
        if step.version < version
    }
    if version == present:
        lines |= {f"{f.name} {f.type}{'?' if f.optional else ''}" for f in type_.fields}
    return lines


def _sorted(step: Upcast) -> str:
    said = {"renamed": step.renamed, "added": step.added, "removed": sorted(step.removed)}
    return json.dumps({k: v for k, v in said.items() if v}, sort_keys=True, ensure_ascii=False)


def _amiss(old: EventType, new: EventType) -> set[str]:
    """Return the fields that a payload of ``old``, the fullest or the barest, ends without."""
    every = {field.name for field in old.fields}
    bare = {field.name for field in old.fields if not field.optional}
    return misfit(new, old.version, every) | misfit(new, old.version, bare)
