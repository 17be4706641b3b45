"""Run the criteria the plugin system is accepted by, each as commands with what they owe."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Any

from pydantic import Field, ValidationError

from engine.record import Record
from engine.testing.suite import UNDONE, tally

CRITERIA = Path("tests/acceptance/criteria.toml")
PATIENCE_S = 900
NO_COLOUR = {"NO_COLOR": "1", "COLUMNS": "200"}


class Check(Record):
    """One command of a criterion, and how it has to end.

    ``run`` is a command line as a person types it in the root of the project; ``{tmp}`` is
    a folder that is the criterion's own. ``says`` has to be in what it prints; ``lengths``
    are those of lists at the top of the JSON it prints.
    """

    run: str
    env: dict[str, str] = Field(default_factory=dict)
    exit: int = 0
    says: tuple[str, ...] = ()
    lengths: dict[str, int] = Field(default_factory=dict)


class Criterion(Record):
    """One thing promised of plugins."""

    number: Annotated[int, Field(ge=1)]
    zh: str
    en: str
    check: Annotated[tuple[Check, ...], Field(min_length=1)]


class Judged(Record):
    """Whether a criterion is met; ``wrong`` says of each command what it did not keep."""

    number: int
    zh: str
    en: str
    passed: bool
    took_s: float
    commands: tuple[str, ...]
    tests: int = 0
    wrong: tuple[str, ...] = ()


class CriteriaError(Exception):
    """There are no criteria to read: no source checkout, or a broken file."""


def criteria(root: Path) -> tuple[Criterion, ...]:
    """Return the criteria of the project in ``root``.

    Raises:
        CriteriaError: the file is not there or says something else.
    """
    try:
        told = tomllib.loads((root / CRITERIA).read_text("utf-8"))
        return tuple(Criterion.model_validate(one) for one in told["criterion"])
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise CriteriaError(f"{root / CRITERIA}: {error}") from None


def judged(root: Path, asked: Sequence[Criterion]) -> Iterator[Judged]:
    """Run each criterion's commands in ``root``, and yield how it stands."""
    for criterion in asked:
        began = perf_counter()
        with TemporaryDirectory() as folder:
            ended = [_ended(root, check, folder) for check in criterion.check]
        wrong = tuple(line for lines, _ in ended for line in lines)
        yield Judged(
            number=criterion.number, zh=criterion.zh, en=criterion.en, passed=not wrong,
            took_s=round(perf_counter() - began, 1), wrong=wrong,
            commands=tuple(check.run for check in criterion.check),
            tests=sum(tests for _, tests in ended),
        )  # fmt: skip


def _ended(root: Path, check: Check, folder: str) -> tuple[list[str], int]:
    """Return what the command did not keep, and how many tests it passed."""
    words = [word.replace("{tmp}", folder) for word in shlex.split(check.run)]
    env = {name: value.replace("{tmp}", folder) for name, value in check.env.items()}
    try:
        done = subprocess.run(
            [_program(words[0]), *_files(root, words[1:])], cwd=root, capture_output=True,
            text=True, errors="replace", timeout=PATIENCE_S, stdin=subprocess.DEVNULL,
            check=False, env={**os.environ, **NO_COLOUR, "TAIZHANG_DATA_DIR": folder, **env},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"{check.run}: {type(error).__name__}"], 0
    wrong = list(_wrong(check, done))
    tests = 0
    if words[0] == "pytest":
        counted = tally(done.stdout)
        tests = counted.get("passed", 0)
        wrong += [f"{counted[name]} {name}" for name in UNDONE if name in counted]
        wrong += [] if tests else ["no test passed"]
    return [f"{check.run}: {line}" for line in wrong], tests


def _program(name: str) -> str:
    """Return the program of this environment, or that of the machine."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or name


def _files(root: Path, words: Sequence[str]) -> Iterator[str]:
    for word in words:
        found = sorted(root.glob(word)) if "*" in word else []
        yield from (str(path.relative_to(root)) for path in found)
        if not found:
            yield word


def _wrong(check: Check, done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    said = done.stdout + done.stderr
    if done.returncode != check.exit:
        yield f"ended with {done.returncode}, not {check.exit}: {_last(said)}"
    for owed in check.says:
        if owed not in said:
            yield f"does not say {owed!r}"
    if check.lengths:
        yield from _lengths(check.lengths, done.stdout)


def _lengths(owed: dict[str, int], printed: str) -> Iterator[str]:
    try:
        told: dict[str, Any] = json.loads(printed)
    except ValueError:
        yield "prints no JSON"
        return
    for key, length in owed.items():
        if len(told[key]) != length:
            yield f"{key} has {len(told[key])} entries, not {length}"


def _last(said: str) -> str:
    return next((line for line in reversed(said.splitlines()) if line.strip()), "")
