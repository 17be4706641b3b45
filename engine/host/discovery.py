"""Find plugins in a folder and among installed distributions, importing none."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import engine
from engine.host.manifest import MANIFEST, Found, read
from engine.host.placing import roster_of
from engine.host.scopes import NO_SCOPES, Scopes
from engine.plan.calls import Roster

GROUP = "taizhang"


def default_folder() -> Path | None:
    """Return the ``plugins`` folder beside the engine, where there is one."""
    beside = Path(engine.__file__).parent.parent / "plugins"
    return beside if beside.is_dir() else None


def discover(folder: Path | None, allowed: frozenset[str] | None) -> tuple[Found, ...]:
    """Return the allowed plugins below ``folder`` and among installed entry points.

    Args:
        folder: A directory of plugin folders; None takes ``default_folder()``.
        allowed: Plugin ids that may be used; None allows all, empty is safe mode.
    """
    if allowed is not None and not allowed:
        return ()
    return tuple(p for p in everything(folder) if allowed is None or p.id in allowed)


def everything(folder: Path | None) -> tuple[Found, ...]:
    """Return every plugin there is by id, allowed or not.

    Two that share an id are both refused, unless they are copies of one another.
    """
    found: dict[str, Found] = {}
    for plugin in _each(folder or default_folder()):
        other = found.get(plugin.id)
        if other is not None and other.digest == plugin.digest:
            continue
        if other is not None:
            both = f"id {plugin.id!r} is used twice: {other.folder}, {plugin.folder}"
            plugin = other.model_copy(update={"error": both})
        found[plugin.id] = plugin
    return tuple(found[name] for name in sorted(found))


def roster(
    found: tuple[Found, ...], scopes: Scopes = NO_SCOPES, unit: str | None = None
) -> Roster:
    """Return the plugins a cycle of ``unit`` may call; see ``roster_of``."""
    return roster_of(found, scopes, unit)


def _each(folder: Path | None) -> Iterator[Found]:
    """Yield each folder once, however many ways lead to it."""
    seen: set[Path] = set()
    for place in (*_below(folder), *_installed()):
        if isinstance(place, Found):
            yield place
        elif place.resolve() not in seen:
            seen.add(place.resolve())
            yield read(place)


def _below(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def _installed() -> Iterator[Path | Found]:
    """Yield the folders of installed plugins; looking for a top-level name imports nothing."""
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            spec = find_spec(entry.module.partition(".")[0])
        except (ImportError, ValueError):
            spec = None
        if spec and spec.submodule_search_locations:
            yield Path(next(iter(spec.submodule_search_locations)))
        else:
            yield Found(folder=entry.name, error=f"entry point {entry.value!r} has no package")
