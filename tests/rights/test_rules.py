"""Every rule of the page on privacy has its test, and every test named after one its line."""

from __future__ import annotations

import re

from rights.rules import named, page


def test_the_page_has_the_thirty_rules_in_order():
    assert [*page()] == [f"P{n:02}" for n in range(1, 31)]


def test_the_page_names_the_tests_of_every_rule_and_no_others():
    told = {rule: set(re.findall(r"`([^`]+)`", cell)) for rule, cell in page().items()}

    assert {rule: files for rule, files in told.items() if files} == {
        rule: set(files) for rule, files in named().items()
    }


def test_every_rule_has_a_test_of_its_name_or_is_said_to_have_none():
    assert {rule for rule in page() if rule not in named()} == {
        rule for rule, cell in page().items() if "还没有" in cell
    }
