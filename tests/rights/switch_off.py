"""Switch each rule of privacy off, one at a time, and show that its tests notice.

Works on copies of the checkout; the working tree is never touched. First every test that
is used has to pass with all rules on. Then each switch of ``switches.toml`` is turned by
itself, and only the tests named after its rule are run: one of them has to fail, by an
assertion or because nothing was refused. A test that fails because the code no longer runs
shows nothing, and counts as broken.

    poe switch-off            every switch
    poe switch-off P05 P24    the switches of these rules
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as Xml
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from rights.rules import ROOT, page
from rights.switches import SWITCHES, Edit, Switch

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
NOTICED = re.compile(r"assert |AssertionError\b|Failed: DID NOT RAISE")
"""How a test fails that found the rule off."""

AT_ONCE = 2
END = "\r" if sys.stderr.isatty() else "\n"
TIMEOUT_S = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: ``held`` is the only good verdict of a switch."""

    verdict: str
    failed: int = 0
    passed: int = 0
    why: str = ""


def outcome(report: Path) -> Outcome:
    """Return what the JUnit report of a run with a rule off says of its tests."""
    if not report.is_file():
        return Outcome("broken", why="no report")
    cases = list(Xml.parse(report).iter("testcase"))
    failures = [found.get("message", "") for case in cases for found in case.iter("failure")]
    errors = [found.get("message", "") for case in cases for found in case.iter("error")]
    passed = sum(len(case) == 0 for case in cases)
    odd = [*errors, *(said for said in failures if not NOTICED.match(said))]
    if odd or not cases:
        why = (odd or ["no test ran"])[0].partition("\n")[0]
        return Outcome("broken", len(failures) + len(errors), passed, why)
    return Outcome("held" if failures else "NOT NOTICED", len(failures), passed)


def run(copy: Path, tests: Sequence[str]) -> Outcome:
    """Run ``tests`` in ``copy`` up to the first that fails."""
    report = copy / "report.xml"
    report.unlink(missing_ok=True)
    # from the copy's root: then the copy's rooms are imported, not those that are installed
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider"]
    subprocess.run(
        [*command, f"--junitxml={report}", *tests], cwd=copy, capture_output=True,
        timeout=TIMEOUT_S, env={**os.environ, "PYTHONPATH": str(copy)}, check=False,
    )  # fmt: skip
    return outcome(report)


@contextmanager
def switched(copy: Path, edits: Sequence[Edit]) -> Iterator[None]:
    """Let ``copy`` be without a rule inside the block."""
    whole = {copy / e.file: (copy / e.file).read_text("utf-8") for e in edits}
    try:
        for edit in edits:
            file = copy / edit.file
            _write(file, edit.applied(file.read_text("utf-8")))
        yield
    finally:
        for file, text in whole.items():
            _write(file, text)


def _write(file: Path, text: str) -> None:
    """Write a module, and forget what was compiled of it: its time alone may not tell."""
    file.write_text(text, "utf-8")
    Path(cache_from_source(str(file))).unlink(missing_ok=True)


def tried(copies: SimpleQueue[Path], switch: Switch) -> Outcome:
    """Return what the tests of its rule say to ``switch``, in a copy that is free."""
    if not all(edit.fits(ROOT) for edit in switch.edits):
        return Outcome("TEXT GONE", why=", ".join(e.file for e in switch.edits))
    copy = copies.get()
    try:
        with switched(copy, switch.edits):
            return run(copy, switch.tests())
    finally:
        copies.put(copy)


def row(switch: Switch, found: Outcome) -> str:
    """Return the line of the table for ``switch``."""
    counted = f"{found.failed} failed, {found.passed} passed"
    files = ", ".join(dict.fromkeys(edit.file for edit in switch.edits))
    verdict = f"{found.verdict}: {found.why}" if found.why else found.verdict
    return f"{switch.rule} | {files} | {counted} | {verdict} | {switch.off}"


def main(rules: Sequence[str]) -> int:
    """Try the switches of ``rules``, or all; return 0 when each was noticed."""
    chosen = [s for s in SWITCHES if not rules or s.rule in rules]
    tests = list(dict.fromkeys(test for switch in chosen for test in switch.tests()))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="switch-off-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copies.put(shutil.copytree(ROOT, Path(folder) / str(number), ignore=LEFT_OUT))
        print(f"every rule on: {len(tests)} tests", file=sys.stderr, flush=True)
        if (whole := run(copy := copies.get(), tests)).verdict != "NOT NOTICED":
            print(f"not green with every rule on: {whole}", file=sys.stderr)
            return 1
        copies.put(copy)
        held = _table(copies, chosen)
    took = time.monotonic() - began
    print(f"{held} of {len(chosen)} held, {took:.0f} s", file=sys.stderr)
    return 0 if held == len(chosen) else 1


def _table(copies: SimpleQueue[Path], chosen: Sequence[Switch]) -> int:
    """Print the table line by line as it comes about; return how many switches held."""
    held = 0
    print("rule | where it is carried out | tests with the rule off | verdict | what was off")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, (switch, found) in enumerate(
            zip(chosen, pool.map(lambda s: tried(copies, s), chosen), strict=True), 1
        ):
            print(row(switch, found), flush=True)
            print(f"  {number} of {len(chosen)}", end=END, file=sys.stderr, flush=True)
            held += found.verdict == "held"
    return held


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("rules", nargs="*", metavar="P01")
    rules = asked.parse_args().rules
    if unknown := sorted({*rules} - {*page()}):
        asked.error(f"no such rule: {', '.join(unknown)}; they are P01 to P30")
    sys.exit(main(rules))
