"""Read what a plugin imports, without importing it.

What is put together at run time is not seen: this helps against carelessness, and the
process a plugin runs in helps against the rest.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import engine
from engine.host.manifest import CACHES

STRANGE = ("temporalio", "workflows", "plugins")
"""Temporal and the machine room are not for plugins, nor is one plugin for another."""

KIT = "engine.testing"
IMPORTERS = ("import_module", "__import__")

Reason: TypeAlias = tuple[str, str]
"""Why a name may not be imported, in Chinese and in English."""


def strays(folder: Path) -> Iterator[str]:
    """Yield each import that would tie the plugin to what may change under it.

    A file that cannot be parsed has none: nobody can import it either.
    """
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        if not any(p in CACHES or p.startswith(".") for p in parts):
            yield from _strays_of(path, "/".join(parts))


def _strays_of(path: Path, place: str) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    called = {"engine"} | {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "engine" and alias.asname
    }
    test = path.name.startswith(("test_", "conftest"))
    for node in ast.walk(tree):
        for name in _imported(node, called):
            if reason := _refusal(name, test=test):
                zh, en = reason
                line = getattr(node, "lineno", 0)
                yield (
                    f"{place} 第 {line} 行:引用了 {name},{zh} | "
                    f"{place} line {line}: imports {name}, {en}"
                )


def _imported(node: ast.AST, called: set[str]) -> Iterator[str]:
    """Yield the full names that ``node`` imports, or reaches through ``engine`` itself.

    Relative ones are the plugin's own; ``called`` is what the file calls ``engine``.
    """
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id in called:
            yield f"engine.{node.attr}"
    elif isinstance(node, ast.Call):
        yield from _asked_for(node)


def _asked_for(node: ast.Call) -> Iterator[str]:
    """Yield the name that a call of ``import_module`` or ``__import__`` spells out."""
    function = node.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    first = node.args[0] if node.args else None
    if name in IMPORTERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value


def _refusal(name: str, *, test: bool) -> Reason | None:
    room, _, inside = name.partition(".")
    if room in STRANGE:
        return "插件不得使用", "which is not for plugins"
    if room != "engine" or not inside or inside in (*engine.__all__, "*"):
        return None
    if f"{name}.".startswith(f"{KIT}."):
        return None if test else ("只供测试使用", "which is for tests alone")
    public = ", ".join(engine.__all__)
    return f"不是公开的;公开的有 {public}", f"which is not public; public are {public}"
