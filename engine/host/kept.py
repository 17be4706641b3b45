"""The types of event of every plugin that was ever loaded; they outlive the plugin.

One row for each published version, in a file that takes rows and gives none back. It says
what facts mean that a plugin wrote, when the plugin is another by now or is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.host.loading import PluginRefusedError
from engine.plan.kinds import EventType, departures
from engine.stored import alone, append_only


class KeptTypes:
    """The published types in the file ``path``; it is made when there is one to keep."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, plugin: str, told: Iterable[EventType]) -> None:
        """Keep what ``plugin`` registers, beside all it ever did.

        Raises:
            PluginRefusedError: a published version is another now, or gone, or the file
                cannot be written; nothing is kept.
        """
        told = tuple(told)
        if not told and not self._path.exists():
            return
        try:
            with self._alone() as database:
                _keep(database, plugin, told)
        except (OSError, sqlite3.Error) as error:
            name = f"{self._path.name} ({type(error).__name__})"
            raise PluginRefusedError(
                f"{name} 写不了,请检查数据文件夹 | cannot write {name}: see to the data folder"
            ) from error

    def newest(self, plugin: str) -> dict[str, EventType]:
        """Return each kind of ``plugin`` to the newest version that was published of it."""
        if not self._path.exists():
            return {}
        with self._alone() as database:
            return {type_.kind: type_ for type_ in _of(database, plugin)}

    def plugins(self) -> set[str]:
        """Return the plugins that ever published a type."""
        if not self._path.exists():
            return set()
        with self._alone() as database:
            return {name for (name,) in database.execute("SELECT plugin FROM published")}

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(self._path) as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS published (plugin TEXT NOT NULL,"
                " kind TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,"
                " PRIMARY KEY (kind, version))"
            )
            append_only(database, "published")
            yield database


def _keep(database: sqlite3.Connection, plugin: str, told: tuple[EventType, ...]) -> None:
    kept = _of(database, plugin)
    if wrong := tuple(departures(kept, told)):
        raise PluginRefusedError("\n".join(wrong))
    there = {(type_.kind, type_.version) for type_ in kept}
    database.executemany(
        "INSERT INTO published (plugin, kind, version, type) VALUES (?, ?, ?, ?)",
        [
            (plugin, type_.kind, type_.version, type_.model_dump_json())
            for type_ in told
            if (type_.kind, type_.version) not in there
        ],
    )


def _of(database: sqlite3.Connection, plugin: str) -> tuple[EventType, ...]:
    """Return every published version of the plugin's types, older ones first."""
    asked = "SELECT type FROM published WHERE plugin = ? ORDER BY kind, version"
    found = database.execute(asked, (plugin,)).fetchall()
    return tuple(EventType.model_validate_json(type_) for (type_,) in found)
