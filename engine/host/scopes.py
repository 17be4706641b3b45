"""Which plugins are on for which unit, with what configuration: ``plugins.toml``.

Province, city and unit each say what is on and off and how a plugin is configured; the
closer one wins, but a unit cannot switch off what the province requires. Secrets are
references (``{env = "NAME"}``, ``{file = "path"}``) and are opened in the host's process
alone, at the call.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, Field, ValidationError

from engine.plan.steps import PluginId
from engine.record import Id, Record

FILE = "plugins.toml"


class ScopesError(Exception):
    """The file cannot be used; ``problems`` has a line for each thing wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SecretMissingError(Exception):
    """A secret that a plugin's configuration refers to is not there; names no value."""


def _versions(value: str) -> str:
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        raise ValueError("is no version range such as '<1.2'") from None
    return value


class Block(Record):
    """A plugin, or a range of its versions, that may not run, and why."""

    versions: Annotated[str, AfterValidator(_versions)] = ""
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class Scope(Record):
    """What one province, city or unit says."""

    on: tuple[PluginId, ...] = ()
    off: tuple[PluginId, ...] = ()
    required: tuple[PluginId, ...] = ()
    city: Id | None = None
    config: dict[PluginId, dict[str, Any]] = Field(default_factory=dict)


class Scopes(Record):
    """The whole file; an absent one leaves every plugin on that is not opt-in."""

    province: Scope = Scope()
    city: dict[Id, Scope] = Field(default_factory=dict)
    unit: dict[Id, Scope] = Field(default_factory=dict)
    block: dict[PluginId, Block] = Field(default_factory=dict)

    def chain(self, unit: str) -> tuple[Scope, ...]:
        """Return the scopes that speak for ``unit``, the farthest first."""
        own = self.unit.get(unit, Scope())
        city = self.city.get(own.city, Scope()) if own.city else Scope()
        return (self.province, city, own)

    def blocked(self, plugin: str, version: str) -> str | None:
        """Return why this version of ``plugin`` may not run; None when it may."""
        block = self.block.get(plugin)
        if block is None or not SpecifierSet(block.versions).contains(
            version, prereleases=True
        ):
            return None
        return block.reason

    def is_on(self, plugin: str, unit: str, *, opt_in: bool) -> bool:
        """Say whether ``plugin`` takes part in the cycles of ``unit`` without being named."""
        on = not opt_in
        for scope in self.chain(unit):
            on = plugin in (*scope.on, *scope.required) or (on and plugin not in scope.off)
        return on or plugin in self.required(unit)

    def belongs_to(self, plugin: str) -> frozenset[str]:
        """Return the units that alone have switched ``plugin`` on; empty when nobody has."""
        wider = (self.province, *self.city.values())
        if any(plugin in (*scope.on, *scope.required) for scope in wider):
            return frozenset()
        return frozenset(u for u, s in self.unit.items() if plugin in (*s.on, *s.required))

    def required(self, unit: str) -> frozenset[str]:
        """Return the plugins that no plan of ``unit`` may be without."""
        return frozenset(plugin for scope in self.chain(unit) for plugin in scope.required)

    def config(self, plugin: str, unit: str) -> dict[str, Any]:
        """Return the configuration of ``plugin`` for ``unit``, secrets still as references."""
        found: dict[str, Any] = {}
        for scope in self.chain(unit):
            found |= scope.config.get(plugin, {})
        return found


def load(path: Path) -> Scopes:
    """Return the file's content; an absent file says nothing.

    Raises:
        ScopesError: it is no TOML, or has a wrong key or value; every problem at once.
    """
    try:
        return Scopes.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Scopes()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise ScopesError([f"{path.name}: {wrong}"]) from None
    except ValidationError as wrong:
        raise ScopesError(
            [f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors()]
        ) from None


def opened(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``config`` with every secret read from where it lies.

    Raises:
        SecretMissingError: the variable or the file is not there.
    """
    return {key: _opened(key, value) for key, value in config.items()}


def _opened(key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value.keys() == {"env"}:
        if (held := os.environ.get(str(value["env"]))) is None:
            raise SecretMissingError(f"{key}: environment variable {value['env']} is not set")
        return held
    if value.keys() == {"file"}:
        try:
            return Path(str(value["file"])).read_text("utf-8").strip()
        except OSError as wrong:
            raise SecretMissingError(f"{key}: {value['file']}: {wrong.strerror}") from None
    return opened(value)
