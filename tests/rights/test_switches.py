"""The switches fit the code; ``poe switch-off`` turns them and shows that tests notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from rights.rules import ROOT, named
from rights.switch_off import Outcome, outcome
from rights.switches import SLOW, SWITCHES, Edit


def test_every_rule_with_a_test_has_a_switch_and_no_other():
    assert {switch.rule for switch in SWITCHES} == set(named())


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda s: f"{s.rule} {s.off}")
def test_what_is_switched_off_is_in_its_file_exactly_once(switch):
    for edit in switch.edits:
        assert edit.fits(ROOT), f"{edit.file} has no longer, or not once:\n{edit.code}"
        compile(edit.applied((ROOT / edit.file).read_text("utf-8")), edit.file, "exec")
    assert {edit.file.partition("/")[0] for edit in switch.edits} <= {
        "engine", "workflows", "plugins",
    }  # fmt: skip


def test_every_switch_has_quick_tests_and_says_something_of_its_own():
    assert all(switch.tests() for switch in SWITCHES)
    assert len({(s.rule, s.off) for s in SWITCHES}) == len(SWITCHES)
    assert all((ROOT / file).is_file() for file in SLOW)


def test_a_text_that_is_gone_or_there_twice_does_not_fit(tmp_path):
    (tmp_path / "rule.py").write_text("if late:\n    raise Late\nif late:\n    return\n")

    assert Edit("rule.py", "raise Late", "pass").fits(tmp_path)
    for code in ("if late:", "raise Early"):
        assert not Edit("rule.py", code, "pass").fits(tmp_path)
    assert not Edit("gone.py", "raise Late", "pass").fits(tmp_path)


CASE = '<testcase classname="t" name="n" time="0">{}</testcase>'


def report(folder: Path, *inner: str) -> Path:
    file = folder / "report.xml"
    cases = "".join(CASE.format(each) for each in inner)
    file.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return file


@pytest.mark.parametrize(
    "message",
    ["assert 1 == 2", "AssertionError: assert [] == ['x']",
     "Failed: DID NOT RAISE &lt;class 'engine.refusal.Refused'&gt;"],
)  # fmt: skip
def test_a_test_that_finds_the_rule_off_holds_it(tmp_path, message):
    failed = f'<failure message="{message}">trace</failure>'

    assert outcome(report(tmp_path, "", failed)) == Outcome("held", failed=1, passed=1)


@pytest.mark.parametrize(
    ("inner", "verdict"),
    [
        ((), "broken"),
        (("", ""), "NOT NOTICED"),
        (("<skipped message='x'/>", ""), "NOT NOTICED"),
        (("<failure message=\"NameError: name 'x'\">trace</failure>",), "broken"),
        (("<failure message=\"KeyError: 'assert 1'\">trace</failure>",), "broken"),
        (("<error message='collection failure'>trace</error>",), "broken"),
        (("<failure message='assert 0'/>", "<error message='teardown'/>"), "broken"),
    ],
)
def test_a_run_that_is_green_or_fails_for_another_reason_holds_nothing(
    tmp_path, inner, verdict
):
    assert outcome(report(tmp_path, *inner)).verdict == verdict


def test_a_run_without_a_report_holds_nothing(tmp_path):
    assert outcome(tmp_path / "none.xml").verdict == "broken"
