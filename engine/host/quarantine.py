"""Remember which plugins were at work when a host's process died, and keep them out of it.

While a plugin is imported or called, a file of its name lies in the folder. What is found
there when a host starts was running when the one before it ended: each of those plugins is
suspected, and asked in a process of its own until it answers there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from engine.host.manifest import Found

RUNNING, SUSPECT = ".running", ".suspect"


class Quarantine:
    """The suspects of one host. Without a folder nobody is ever suspected."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._numbers = count(1)
        if folder:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in folder.glob(f"*{RUNNING}"):
                left.replace(folder / f"{left.name.partition('@')[0]}{SUSPECT}")

    def holds(self, plugin: Found) -> bool:
        """Say whether ``plugin``, as it is now, is suspected of ending a host."""
        return self._folder is not None and self._suspect(self._folder, plugin).exists()

    def acquit(self, plugin: Found) -> None:
        """Let a plugin back in that answered in a process of its own."""
        if self._folder:
            self._suspect(self._folder, plugin).unlink(missing_ok=True)

    @contextmanager
    def watched(self, plugin: Found) -> Iterator[None]:
        """Leave word that ``plugin`` is at work, for as long as it is."""
        if self._folder is None:
            yield
            return
        mark = self._folder / f"{_name(plugin)}@{next(self._numbers)}{RUNNING}"
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def _suspect(self, folder: Path, plugin: Found) -> Path:
        return folder / f"{_name(plugin)}{SUSPECT}"


def _name(plugin: Found) -> str:
    """Return a file name for this very content: a mended plugin is another one."""
    return f"{plugin.id}-{plugin.digest[:16]}"
