"""The switches of ``switches.toml``: each turns one rule of ``docs/privacy.md`` off."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rights.rules import named


@dataclass(frozen=True, slots=True)
class Edit:
    """The code that carries a rule out, and what stands there with the rule off."""

    file: str
    code: str
    without: str

    def fits(self, root: Path) -> bool:
        """Say whether the code is in its file exactly once."""
        file = root / self.file
        return file.is_file() and file.read_text("utf-8").count(self.code) == 1

    def applied(self, text: str) -> str:
        """Return ``text`` with the rule off."""
        return text.replace(self.code, self.without)


@dataclass(frozen=True, slots=True)
class Switch:
    """One way in which a rule can be off; ``off`` says what is then so."""

    rule: str
    off: str
    edits: tuple[Edit, ...]

    def tests(self) -> tuple[str, ...]:
        """Return the ids of the tests named after the rule, without the slow ones."""
        return tuple(
            f"{file}::{test}"
            for file, tests in sorted(named().get(self.rule, {}).items())
            if file not in SLOW
            for test in tests
        )


def _switch(told: dict[str, Any]) -> Switch:
    rest = {"rule", "off", "also"}
    first = {name: value for name, value in told.items() if name not in rest}
    edits = (Edit(**first), *(Edit(**each) for each in told.get("also", ())))
    return Switch(rule=told["rule"], off=told["off"], edits=edits)


_TOLD = tomllib.loads((Path(__file__).parent / "switches.toml").read_text("utf-8"))
SLOW: tuple[str, ...] = tuple(_TOLD["slow"])
"""Tests on a real server; the others of the same rule have to notice by themselves."""

SWITCHES: tuple[Switch, ...] = tuple(map(_switch, _TOLD["switch"]))
