"""Read what a plugin imports, without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import engine
from engine.host.manifest import CACHES

STRANGE = ("temporalio", "workflows", "plugins")
"""Temporal and the machine room are not for plugins, nor is one plugin for another."""

KIT = "engine.testing"


def strays(folder: Path) -> Iterator[str]:
    """Yield each import that would tie the plugin to what may change under it."""
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        if not set(place.parts) & set(CACHES):
            yield from _strays_of(path, str(place))


def _strays_of(path: Path, place: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        for name in _imported(node):
            if reason := _refusal(name, test=path.name.startswith(("test_", "conftest"))):
                yield f"{place} line {getattr(node, 'lineno', 0)}: imports {name}, {reason}"


def _imported(node: ast.AST) -> Iterator[str]:
    """Yield the full names that a statement imports; relative ones are the plugin's own."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _refusal(name: str, *, test: bool) -> str | None:
    room, _, inside = name.partition(".")
    if room in STRANGE:
        return "which is not for plugins"
    if room != "engine" or not inside or inside in (*engine.__all__, "*"):
        return None
    if f"{name}.".startswith(f"{KIT}."):
        return None if test else "which is for tests alone"
    return f"which is not public; public are {', '.join(engine.__all__)}"
