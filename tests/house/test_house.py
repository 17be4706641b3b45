"""The house rules: sizes, docstrings, names on record, rooms that stay pure."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("engine", "workflows", "plugins")
FILES = sorted(
    p for room in ROOMS for p in (ROOT / room).rglob("*.py") if not p.name.startswith("test_")
)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
MODULE, MODULE_MEDIAN, FUNCTION, FUNCTION_MEDIAN = 300, 120, 50, 10
PURE = ("campaign", "cycle", "issue", "plan", "policy")
IMPURE = {
    "os", "random", "secrets", "time", "socket", "subprocess", "uuid", "threading", "asyncio",
    "sqlalchemy", "structlog", "temporalio", "pluggy",
}  # fmt: skip
NAMES = Path(__file__).parent / "names.txt"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> list[Function]:
    return [n for n in ast.walk(tree) if isinstance(n, Function)]


def excused(path: Path) -> bool:
    """A size may be exceeded with one comment that says why."""
    return "# size: " in path.read_text("utf-8")


def test_no_module_is_larger_than_a_head_can_hold():
    large = [
        relative(p)
        for p in FILES
        if len(p.read_text("utf-8").splitlines()) > MODULE and not excused(p)
    ]

    assert not large


def test_modules_and_functions_are_small_in_the_middle():
    lines = [len(p.read_text("utf-8").splitlines()) for p in FILES]
    sizes = [
        f.end_lineno - f.lineno + 1
        for t in TREES.values()
        for f in functions(t)
        if f.end_lineno
    ]

    assert median(lines) <= MODULE_MEDIAN
    assert median(sizes) <= FUNCTION_MEDIAN


def test_no_function_is_longer_than_a_page():
    long = [
        f"{relative(p)}:{f.lineno} {f.name}"
        for p, tree in TREES.items()
        for f in functions(tree)
        if f.end_lineno and f.end_lineno - f.lineno >= FUNCTION and not excused(p)
    ]

    assert not long


def test_every_module_and_public_name_has_a_docstring():
    bare = [relative(p) for p, tree in TREES.items() if not ast.get_docstring(tree)]
    for path, tree in TREES.items():
        public = [
            n
            for n in ast.iter_child_nodes(tree)
            if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_")
        ]
        public += [
            m
            for c in public
            if isinstance(c, ast.ClassDef)
            for m in c.body
            if isinstance(m, Function) and not m.name.startswith("_")
        ]
        bare += [f"{relative(path)}:{n.name}" for n in public if not ast.get_docstring(n)]

    assert not bare


def names_on_record() -> list[str]:
    """Every name that is public for ever: commands, events, workflows, activities."""
    found = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.AnnAssign)
                and getattr(node.target, "id", "") == "kind"
                and isinstance(node.value, ast.Constant)
            ):
                found.add(f"kind {node.value.value}")
    shapes = TREES[ROOT / "workflows" / "shapes.py"]
    for node in shapes.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found.add(f"temporal {node.value.value}")
    return sorted(found)


def test_names_in_histories_and_ledgers_are_on_record():
    assert names_on_record() == NAMES.read_text("utf-8").split("\n")[:-1], (
        "public for ever: run python tests/house/test_house.py to put new names on record"
    )


@pytest.mark.parametrize("room", PURE)
def test_rules_import_neither_clock_nor_chance_nor_machinery(room):
    found = []
    for path in sorted((ROOT / "engine" / room).rglob("*.py")):
        for node in ast.walk(TREES[path]):
            modules = []
            if isinstance(node, ast.Import):
                modules = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            found += [f"{relative(path)}: {m}" for m in modules if m.split(".")[0] in IMPURE]

    assert not found


@pytest.mark.parametrize("room", PURE)
def test_rules_never_ask_what_time_it_is(room):
    asked = [
        f"{relative(path)}:{node.lineno}"
        for path in sorted((ROOT / "engine" / room).rglob("*.py"))
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today", "environ")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("bench", "self"))
    ]

    assert not asked


def test_no_room_has_a_name_that_says_nothing():
    empty = {"domain", "core", "common", "utils", "helpers", "services", "managers"}

    assert not [relative(p) for p in FILES if empty & set(p.with_suffix("").parts)]


def test_the_core_has_no_line_about_a_plugin_that_comes_along():
    """Scenarios name them, for they show them; ``starter`` is what ``plugins new`` copies."""
    shipped = {p.parent.name for p in (ROOT / "plugins").glob("*/plugin.toml")} - {"starter"}
    core = [
        path
        for room in ("engine", "workflows")
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".toml", ".json", ".html")
    ]
    named = re.compile(rf"\b({'|'.join(sorted(shipped))})\b")

    assert len(shipped) == 9
    assert not [relative(path) for path in core if named.search(path.read_text("utf-8"))]


def test_every_log_name_is_documented():
    logs = (ROOT / "docs" / "logs.md").read_text("utf-8")
    used = {
        node.args[0].value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "log"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert used == set(re.findall(r"^\| `(\w+)`", logs, re.MULTILINE))


def test_no_file_names_where_packages_come_from():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    hosts = re.compile(
        r"py" r"pi\.org|python" r"hosted|registry\.n" r"pmjs|deb\.de" r"bian\.org"
    )
    named = [
        name
        for name in listed
        if (ROOT / name).is_file()
        and (ROOT / name).suffix != ".json"
        and hosts.search((ROOT / name).read_text("utf-8", "replace"))
    ]

    assert not named


def test_a_stray_import_breaks_the_contracts(tmp_path):
    for room in ("engine", "workflows"):
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    stray = tmp_path / "engine" / "cycle" / "gates.py"
    stray.write_text("import temporalio\n" + stray.read_text("utf-8"), "utf-8")
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
    )  # fmt: skip

    assert done.returncode == 1
    assert "Temporal stays in the machine room BROKEN" in done.stdout


if __name__ == "__main__":
    NAMES.write_text("\n".join(names_on_record()) + "\n", "utf-8")
