"""Every rule of the page on privacy has its test, and every test named after one its line."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
LINE = re.compile(r"^\| (P\d\d) \|.*\| (.*) \|$", re.MULTILINE)


def named() -> dict[str, set[str]]:
    """Each rule with the files whose tests are named after it."""
    found: dict[str, set[str]] = {}
    for file in (*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/test_*.py")):
        for number in re.findall(
            r"^(?:async )?def test_p(\d\d)_", file.read_text("utf-8"), re.M
        ):
            found.setdefault(f"P{number}", set()).add(str(file.relative_to(ROOT)))
    return found


def test_the_page_names_the_tests_of_every_rule_and_no_others():
    told = {rule: set(re.findall(r"`([^`]+)`", cell)) for rule, cell in LINE.findall(PAGE)}

    assert [*told] == [f"P{n:02}" for n in range(1, 31)]
    assert {rule: files for rule, files in told.items() if files} == named()


def test_a_rule_without_a_test_is_said_to_be_missing():
    missing = {rule for rule, cell in LINE.findall(PAGE) if "`" not in cell}

    assert all("还没有" in cell for rule, cell in LINE.findall(PAGE) if rule in missing)
