"""Run a plugin's own tests in a process of their own, and say the verdict."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from engine.record import Record

PATIENCE_S = 300
PASSED, NO_TESTS = 0, 5
TALLY = re.compile(r"(\d+) (passed|failed|error|errors|skipped|xfailed|xpassed|deselected)\b")
UNDONE = ("failed", "error", "errors", "skipped", "xfailed", "xpassed")
"""What pytest counts as something else than a test that ran and passed."""


class Verdict(Record):
    """How the tests of one plugin ended; ``said`` is what pytest printed."""

    plugin: str
    passed: bool
    took_s: float
    said: str


def pytest_is_there() -> bool:
    """Say whether this environment has pytest: an engine at work need not."""
    return find_spec("pytest") is not None


def verdict(plugin: str, folder: Path) -> Verdict:
    """Run the tests in ``folder``; a test that is skipped or expected to fail did not pass."""
    began = perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _verdict(plugin, began, False, f"took longer than {PATIENCE_S} s")
    said = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode == NO_TESTS:
        said = "没有一个测试 | there is not one test"
    elif done.returncode != PASSED:
        said += done.stderr.decode("utf-8", "replace")
    elif left := undone(said):
        return _verdict(plugin, began, False, f"{said}\n{left}")
    return _verdict(plugin, began, done.returncode == PASSED, said)


def tally(printed: str) -> dict[str, int]:
    """Return what pytest counted, by the last line it printed."""
    last = printed.strip().rpartition("\n")[2]
    return {name: int(count) for count, name in TALLY.findall(last)}


def undone(printed: str) -> str:
    """Return what keeps a suite without failures from having passed; nothing when it has."""
    counted = tally(printed)
    left = ", ".join(f"{counted[name]} {name}" for name in UNDONE if name in counted)
    if not left and counted.get("passed"):
        return ""
    return f"没有真正通过:{left or 'none'} | not every test ran and passed: {left or 'none'}"


def _verdict(plugin: str, began: float, passed: bool, said: str) -> Verdict:
    took_s = round(perf_counter() - began, 1)
    return Verdict(plugin=plugin, passed=passed, took_s=took_s, said=said)
