"""The tutorial from an empty folder to a step in a cycle, done as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")
ZH, EN = PAGE.split("## In English")
BIN = Path(sys.executable).parent


def blocks(half):
    return re.findall(r"^```(\w+)\n(.*?)^```$", half, re.DOTALL | re.MULTILINE)


def script(half):
    """Return the page as a script: a block that begins with ``# <path>`` is that file."""
    done = ["set -eu"]
    for language, text in blocks(half):
        if language == "sh":
            done.append(text)
        elif named := re.match(r"# ([\w./]+)\n", text):
            done.append(f"cat > {named[1]} <<'END OF FILE'\n{text}END OF FILE\n")
    return "\n".join(done)


def run(folder, text):
    """Run a script as somebody would who has only installed the engine."""
    return subprocess.run(
        ["/bin/bash"], input=text, cwd=folder, capture_output=True, text=True, timeout=150,
        env={
            "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8",
            "COLUMNS": "120",
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    ran = run(folder, script(ZH))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder, ran.stdout


def test_both_languages_say_the_same_blocks():
    assert blocks(ZH) == blocks(EN)


def test_every_block_is_run_written_or_compared():
    untold = [
        text
        for language, text in blocks(ZH)
        if language not in ("sh", "text") and not text.startswith("# ")
    ]

    assert untold == []


def cells(line):
    return [cell.strip() for cell in line.split("│")]


def test_it_prints_what_the_page_shows(done):
    shown = [line for language, text in blocks(ZH) if language == "text" for line in
             text.splitlines()]  # fmt: skip
    printed = [cells(line) for line in done[1].splitlines()]

    assert len(shown) == 3
    assert [line for line in shown if cells(line) not in printed] == []


def test_the_step_stands_in_the_pinned_plan_of_the_cycle(done):
    folder, _ = done
    ran = run(folder, "taizhang plan explain night-2026 -o json")
    plan = json.loads(ran.stdout)
    steps = [row["step"] for row in plan["steps"]]

    assert steps[steps.index("opinions") + 1] == "night_talk.held"
    assert plan["conflicts"] == []


def test_its_tests_passed_and_its_wheel_was_built(done):
    folder, printed = done

    assert "2 passed" in printed
    assert [p.name for p in folder.glob("*.whl")] == [
        "taizhang_night_talk-1.0.0-py3-none-any.whl"
    ]
