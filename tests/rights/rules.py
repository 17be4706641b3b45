"""The rules of ``docs/privacy.md``, and the tests that are named after each."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^\| (P\d\d) \|.*\| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"^(?:async )?def (test_p(\d\d)_\w+)", re.MULTILINE)


def page() -> dict[str, str]:
    """Each rule of the page with what it says of its tests."""
    return dict(LINE.findall((ROOT / "docs" / "privacy.md").read_text("utf-8")))


@cache
def named() -> dict[str, dict[str, list[str]]]:
    """Each rule with the tests named after it, by their file."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in (*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/test_*.py")):
        for test, number in NAMED.findall(file.read_text("utf-8")):
            name = file.relative_to(ROOT).as_posix()
            found.setdefault(f"P{number}", {}).setdefault(name, []).append(test)
    return found
