"""What a plugin says of itself in ``plugin.toml``, read without importing anything."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from engine.plan.calls import HookName, Roster, RosterEntry
from engine.plan.steps import Conflict, PluginId, PluginPin, ScopeLevel
from engine.record import Record

MANIFEST = "plugin.toml"
GROUP = "taizhang"


class Manifest(Record):
    """The content of ``plugin.toml``; ``hooks`` are the ones the plugin implements."""

    id: PluginId
    version: str
    api: Literal["1"]
    scope: ScopeLevel = "unit"
    criticality: Literal["required", "optional"] = "optional"
    hooks: Annotated[tuple[HookName, ...], Field(min_length=1)]
    title_zh: str
    title_en: str


class Found(Record):
    """A plugin folder: its manifest, or the reason why it cannot be used."""

    folder: str
    digest: str
    manifest: Manifest | None = None
    error: str | None = None

    @property
    def id(self) -> str:
        """Return the plugin's id, or its folder's name when the manifest is broken."""
        return self.manifest.id if self.manifest else Path(self.folder).name

    @property
    def pin(self) -> PluginPin:
        """Return what a plan records of the plugin; only for a readable manifest."""
        assert self.manifest is not None
        return PluginPin(
            id=self.manifest.id, version=self.manifest.version, digest=self.digest,
            scope=self.manifest.scope, criticality=self.manifest.criticality,
        )  # fmt: skip


def discover(folder: Path | None, allowed: frozenset[str] | None) -> tuple[Found, ...]:
    """Return the allowed plugins below ``folder`` and among installed entry points.

    Args:
        folder: A directory of plugin folders, or None.
        allowed: Plugin ids that may be used; None allows all, empty is safe mode.
    """
    if allowed is not None and not allowed:
        return ()
    found: dict[str, Found] = {}
    for place in _places(folder):
        plugin = _read(place)
        if allowed is None or plugin.id in allowed:
            found.setdefault(plugin.id, plugin)
    return tuple(found[name] for name in sorted(found))


def roster(found: tuple[Found, ...]) -> Roster:
    """Return the plugins a cycle may call; a broken manifest is a conflict by name."""
    return Roster(
        entries=tuple(
            RosterEntry(pin=p.pin, hooks=p.manifest.hooks) for p in found if p.manifest
        ),
        conflicts=tuple(
            Conflict(code="plugin_failed", plugin=p.id, detail="plugin.toml")
            for p in found
            if p.manifest is None
        ),
    )


def _places(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        spec = find_spec(entry.module.partition(".")[0])
        if spec and spec.submodule_search_locations:
            yield Path(next(iter(spec.submodule_search_locations)))


def _read(place: Path) -> Found:
    digest = _digest(place)
    try:
        manifest = Manifest.model_validate(tomllib.loads((place / MANIFEST).read_text("utf-8")))
    except ValidationError as wrong:
        reasons = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors()
        )
        return Found(folder=str(place), digest=digest, error=f"{MANIFEST}: {reasons}")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        return Found(folder=str(place), digest=digest, error=f"{MANIFEST}: {wrong}")
    return Found(folder=str(place), digest=digest, manifest=manifest)


def _digest(place: Path) -> str:
    """Return the SHA-256 over the plugin's own files, by name and content."""
    total = hashlib.sha256()
    for path in sorted((*place.rglob("*.py"), *place.rglob("*.toml"))):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(place)}\n{content}\n".encode())
    return total.hexdigest()
