"""For authors of plugins: a cycle on a real Temporal server that skips time.

The plugin runs in a host process of its own, as in service; days pass without waiting and
the workflow's own timers ring. pytest finds the fixture ``cycle_skipping_time`` by itself;
nothing of Temporal is imported before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.testing import RehearsedCycle

STARTED: set[str] = set()
"""Where servers were started in this session."""

ENDED: list[int] = []


@pytest.fixture
def cycle_skipping_time(plugin_folder: Path, tmp_path: Path) -> Iterator[RehearsedCycle]:
    """Give a cycle on a server that skips time, planned with this plugin; ``open`` it first."""
    STARTED.add(str(tmp_path))
    with import_module("workflows.rehearsed").rehearsed(plugin_folder, tmp_path) as cycle:
        yield cycle


def pytest_sessionfinish(exitstatus: int) -> None:
    """Note how the session ended."""
    ENDED.append(int(exitstatus))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave with the session's own code: see ``workflows.places.leave`` for the reason."""
    if STARTED and ENDED:
        import_module("workflows.places").leave(ENDED[-1])
