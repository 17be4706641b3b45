"""Run a plugin's own tests in a process of their own, and say the verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from engine.record import Record

PATIENCE_S = 300
PASSED, NO_TESTS = 0, 5


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
    """Run the tests in ``folder``; without a test there is nothing that passed."""
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
    return _verdict(plugin, began, done.returncode == PASSED, said)


def _verdict(plugin: str, began: float, passed: bool, said: str) -> Verdict:
    took_s = round(perf_counter() - began, 1)
    return Verdict(plugin=plugin, passed=passed, took_s=took_s, said=said)
