"""Say how every plugin fares without importing one; a host leaves what it saw in a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from engine.host.discovery import everything
from engine.host.manifest import Found
from engine.host.placing import blocked, is_disabled, places, retired
from engine.host.scopes import Scopes
from engine.private import opener
from engine.record import Record

Status: TypeAlias = Literal[
    "found", "loaded", "degraded", "failed", "disabled", "blocked", "retired"
]
HEALTH_FILE = "plugins.json"


class PluginHealth(Record):
    """One plugin as ``taizhang plugins list`` shows it.

    ``found`` has not been loaded yet; ``degraded`` works and says that it lacks something;
    ``disabled`` is left out by the allow-list or the operator, ``blocked`` by its
    version, ``retired`` for good. ``units`` says where it is on, ``since`` when a host
    first saw it as it is.
    """

    id: str
    version: str = ""
    scope: str = ""
    criticality: str = ""
    hooks: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    status: Status = "found"
    error: str | None = None
    title_zh: str = ""
    title_en: str = ""
    digest: str = ""
    folder: str = ""
    units: tuple[str, ...] = ()
    since: AwareDatetime | None = None


ROWS: TypeAdapter[list[PluginHealth]] = TypeAdapter(list[PluginHealth])


def health_of(
    plugin: Found, *, status: Status = "found", error: str | None = None
) -> PluginHealth:
    """Return the row of ``plugin``; a broken manifest is ``failed`` whatever is known."""
    base = PluginHealth(
        id=plugin.id,
        status="failed" if plugin.error and status != "disabled" else status,
        error=plugin.error or error,
        digest=plugin.digest,
        folder=plugin.folder,
    )
    manifest = plugin.manifest
    if manifest is None:
        return base
    return PluginHealth.model_validate(
        base.model_dump()
        | manifest.model_dump(exclude={"id", "api", "opt_in", "config", "events"})
    )


def listing(
    folder: Path | None, allowed: frozenset[str] | None, *, seen: Path | None = None
) -> tuple[PluginHealth, ...]:
    """Return every plugin there is, allowed or not; imports none.

    Args:
        folder: As for ``discover``.
        allowed: As for ``discover``; the others are listed as disabled.
        seen: The file in which a host left how each plugin loaded, if there is one; those
            that the workers of units left lie beside it.
    """
    known = {(row.id, row.digest): row for file in _beside(seen) for row in _read(file)}
    return tuple(_listed(plugin, allowed, known) for plugin in everything(folder))


def leave(rows: Iterable[PluginHealth], seen: Path) -> None:
    """Write what a host saw to ``seen``, whole or not at all.

    A plugin that fares as before keeps its ``since``; for one that does not, the time of
    the file is the time it changed.
    """
    before = {_state(row): row.since for row in _read(seen)}
    kept = [row.model_copy(update={"since": before.get(_state(row))}) for row in rows]
    draft = seen.with_suffix(".part")
    with open(draft, "wb", opener=opener) as file:
        file.write(ROWS.dump_json(kept, indent=1))
    draft.replace(seen)


def placed(rows: Iterable[PluginHealth], scopes: Scopes) -> tuple[PluginHealth, ...]:
    """Return ``rows`` with where each plugin is on, and which are switched off or blocked."""
    return tuple(_placed(row, scopes) for row in rows)


def _placed(row: PluginHealth, scopes: Scopes) -> PluginHealth:
    row = row.model_copy(update={"units": places(scopes, row.id)})
    if entry := retired(scopes, row.id):
        said = f"{entry.at.isoformat()} {entry.by}"
        return row.model_copy(update={"status": "retired", "error": said})
    if is_disabled(scopes, row.id):
        return row.model_copy(update={"status": "disabled"})
    if block := blocked(scopes, row.id, row.version):
        return row.model_copy(update={"status": "blocked", "error": block.reason})
    return row


def _beside(seen: Path | None) -> tuple[Path, ...]:
    if seen is None:
        return ()
    return (seen, *sorted(seen.parent.glob(f"{seen.stem}.*{seen.suffix}")))


def _state(row: PluginHealth) -> tuple[str, ...]:
    return row.id, row.digest, row.status, row.error or ""


def _listed(
    plugin: Found,
    allowed: frozenset[str] | None,
    known: dict[tuple[str, str], PluginHealth],
) -> PluginHealth:
    if allowed is not None and plugin.id not in allowed:
        return health_of(plugin, status="disabled")
    last = known.get((plugin.id, plugin.digest))
    if last is None:
        return health_of(plugin)
    known_ = {"event_types": last.event_types, "since": last.since}
    return health_of(plugin, status=last.status, error=last.error).model_copy(update=known_)


def _read(seen: Path | None) -> list[PluginHealth]:
    """Return what the last host left; an unreadable file is as good as none."""
    if seen is None or not seen.is_file():
        return []
    written = datetime.fromtimestamp(seen.stat().st_mtime, UTC)
    try:
        rows = ROWS.validate_json(seen.read_bytes())
    except ValidationError:
        return []
    return [row.model_copy(update={"since": row.since or written}) for row in rows]
