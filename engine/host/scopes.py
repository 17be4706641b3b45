"""Which plugins are on for whom: ``plugins.toml``, from the province down to a unit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, AwareDatetime, Field, ValidationError, model_validator

from engine.host.guard import HostError
from engine.misshapen import lines
from engine.plan.steps import PluginId, ScopeLevel, StepName
from engine.record import Id, Record

FILE = "plugins.toml"


class ScopesError(HostError):
    """The file cannot be read; each line says where, and never quotes a value."""

    @property
    def problems(self) -> list[str]:
        """Return a line for each thing wrong with the file."""
        return str(self).splitlines()


def _specifier(written: str) -> str:
    try:
        SpecifierSet(written)
    except InvalidSpecifier:
        raise ValueError("no range of versions such as '>=1,<1.4'") from None
    return written


class Table(Record):
    """What one level says; a level below may say otherwise, but not of the ``required``.

    ``order`` names steps in the order they take wherever they share a gap.
    """

    on: tuple[PluginId, ...] = ()
    off: tuple[PluginId, ...] = ()
    required: tuple[PluginId, ...] = ()
    order: tuple[StepName, ...] = ()
    config: dict[PluginId, dict[str, Any]] = Field(default_factory=dict)

    @property
    def switched_on(self) -> tuple[str, ...]:
        """Return every plugin this table switches on."""
        return (*self.on, *self.required)


class UnitTable(Table):
    """What a unit says, which city it belongs to, and what its ``own`` worker runs."""

    city: Id | None = None
    own: tuple[PluginId, ...] = ()

    @property
    def switched_on(self) -> tuple[str, ...]:
        """Return every plugin this table switches on; what is its own is on."""
        return (*self.on, *self.required, *self.own)


class Block(Record):
    """Versions of a plugin that nobody uses, and why; an empty range is all of them."""

    versions: Annotated[str, AfterValidator(_specifier)] = ""
    reason: Annotated[str, Field(min_length=1, max_length=200)]

    def covers(self, version: str) -> bool:
        """Say whether this entry is about ``version``; an unreadable one is covered."""
        try:
            number = Version(version)
        except InvalidVersion:
            return True
        return SpecifierSet(self.versions).contains(number, prereleases=True)


class Disabled(Record):
    """A plugin that an operator switched off, everywhere or for one unit."""

    plugin: str
    unit: Id | None = None


class Retired(Record):
    """A plugin taken out for good: ``by`` whom and when; what it wrote can be read."""

    plugin: str
    by: Id
    at: AwareDatetime


Level: TypeAlias = tuple[ScopeLevel, str, Table]


class Scopes(Record):
    """The whole file."""

    province: Table = Table()
    city: dict[Id, Table] = Field(default_factory=dict)
    unit: dict[Id, UnitTable] = Field(default_factory=dict)
    block: dict[PluginId, Block] = Field(default_factory=dict)
    disabled: tuple[Disabled, ...] = ()
    retired: tuple[Retired, ...] = ()

    @model_validator(mode="after")
    def _know_every_city(self) -> Scopes:
        if lost := sorted(
            u for u, t in self.unit.items() if t.city and t.city not in self.city
        ):
            raise ValueError(f"the city of {', '.join(lost)} has no table")
        return self

    def chain(self, unit: str | None) -> tuple[Level, ...]:
        """Return the tables that hold for ``unit``, the province's first."""
        levels: list[Level] = [("province", "", self.province)]
        table = self.unit.get(unit) if unit else None
        if table and table.city:
            levels.append(("city", table.city, self.city[table.city]))
        if table and unit:
            levels.append(("unit", unit, table))
        return tuple(levels)

    def tables(self) -> Iterator[Level]:
        """Yield every table there is."""
        yield "province", "", self.province
        yield from (("city", name, table) for name, table in self.city.items())
        yield from (("unit", name, table) for name, table in self.unit.items())

    def own(self, unit: str | None) -> tuple[str, ...]:
        """Return the plugins of ``unit`` that run on its own worker."""
        table = self.unit.get(unit) if unit else None
        return table.own if table else ()

    def order(self, unit: str | None) -> tuple[str, ...]:
        """Return the order fixed for ``unit``; what a level above says comes first."""
        named = [step for _, _, table in self.chain(unit) for step in table.order]
        return tuple(dict.fromkeys(named))

    def config(self, plugin: str, unit: str | None) -> dict[str, Any]:
        """Return the plugin's configuration, each key from the lowest level that has it."""
        found: dict[str, Any] = {}
        for _, _, table in self.chain(unit):
            found |= table.config.get(plugin, {})
        return found


NO_SCOPES = Scopes()


def load(file: Path | None) -> Scopes:
    """Return what ``file`` says; nothing, when there is no such file.

    Raises:
        ScopesError: it is not TOML, or says something unknown.
    """
    if file is None or not file.is_file():
        return NO_SCOPES
    try:
        return Scopes.model_validate(tomllib.loads(file.read_text("utf-8")))
    except ValidationError as wrong:
        raise ScopesError("\n".join(f"{file.name}: {line}" for line in lines(wrong))) from None
    except tomllib.TOMLDecodeError as wrong:
        raise ScopesError(f"{file.name}: {wrong}") from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise ScopesError(f"{file.name}: {type(wrong).__name__}") from None
