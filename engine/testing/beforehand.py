"""What comes before the events a contract test delivers: configuration, and people's acts.

A plugin that makes nothing of events alone, a passbook without published rules for example,
says so in ``contract.toml`` beside its ``plugin.toml``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from engine.day import VARIABLE
from engine.deliveries.deliverer import kept_folder
from engine.host.surroundings import surroundings
from engine.ledger.sql import open_ledger
from engine.misshapen import lines
from engine.record import Record

FILE = "contract.toml"
PATIENCE_S = 60
EVERY = 1_000_000


class UnreadyError(Exception):
    """What should come before cannot be read or done; the message says why."""


class Beforehand(Record):
    """The file: ``config`` holds everywhere, ``before`` are command lines of the plugin.

    Each is run once for every unit, as ``python -m <plugin> FOLDER <words>``.
    """

    config: dict[str, Any] = Field(default_factory=dict)
    before: tuple[tuple[str, ...], ...] = ()


class Began(Record):
    """A unit with rehearsed cycles, and the day the first of them was planned."""

    unit: str
    on: date


def beforehand(plugin: Path) -> Beforehand:
    """Return what the folder ``plugin`` says; nothing where it has no such file.

    Raises:
        UnreadyError: the file says something else.
    """
    file = plugin / FILE
    if not file.is_file():
        return Beforehand()
    try:
        return Beforehand.model_validate(tomllib.loads(file.read_text("utf-8")))
    except ValidationError as wrong:
        raise UnreadyError("; ".join(f"{FILE}: {line}" for line in lines(wrong))) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise UnreadyError(f"{FILE}: {wrong}") from None


def units(ledger: Path) -> tuple[Began, ...]:
    """Return the units whose cycles the SQLite ledger holds, by the day they began."""
    opened = open_ledger(f"sqlite:///{ledger}")
    planned = [r.event for r in opened.read(limit=EVERY) if r.event.kind == "CyclePlanned"]
    opened.engine.dispose()
    began: dict[str, date] = {}
    for event in planned:
        began.setdefault(event.data["unit"], date.fromisoformat(event.data["at"][:10]))
    return tuple(Began(unit=unit, on=on) for unit, on in began.items())


def done(plugin: Path, acts: Iterable[tuple[str, ...]], kept: Path, where: Began) -> None:
    """Run the commands ``acts`` of ``plugin`` in its folder for a unit below ``kept``.

    Raises:
        UnreadyError: one of them was refused.
    """
    folder = kept_folder(kept, plugin.name, where.unit, rehearsal=True)
    for words in acts:
        ran = subprocess.run(
            [sys.executable, "-m", plugin.name, str(folder), *words], cwd=plugin.parent,
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
            env={**surroundings(os.environ), VARIABLE: where.on.isoformat()},
        )  # fmt: skip
        if ran.returncode:
            told = (ran.stderr or ran.stdout).strip().rpartition("\n")[2]
            raise UnreadyError(f"{FILE}: {' '.join(words)}: {told}")
