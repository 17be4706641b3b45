"""Errands: a plugin's own command, run as a person would run it, and what it showed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.scenario.acts import Errand
from engine.scenario.offscript import OffScriptError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended: its exit code, and what it said."""

    code: int
    said: str


class Errands(Protocol):
    """Runs commands of plugins in processes of their own."""

    async def run(self, plugin: str, unit: str, words: Sequence[str], *, today: date) -> Ran:
        """Run ``python -m <plugin> <the unit's folder> <words>`` as on ``today``.

        Waits until the plugin has taken every event there is.

        Raises:
            OffScriptError: there is no such plugin, or it does not take its events.
        """


def checked(act: Errand, ran: Ran, place: str) -> Ran:
    """Return ``ran`` when it is as the scenario says.

    Raises:
        OffScriptError: it was refused, or not, or for another reason.
    """
    said = " ".join(ran.said.split())[-400:]
    if act.refused and (ran.code == 0 or not re.search(act.refused, ran.said)):
        raise OffScriptError(
            f"{place}:应因“{act.refused}”被拒,却是:{said} | "
            f"{place}: should be refused for {act.refused!r}, but: {said}"
        )
    if not act.refused and ran.code != 0:
        raise OffScriptError(f"{place}:{said} | {place}: {said}")
    return ran


def seen(act: Errand, said: str) -> dict[str, int]:
    """Return the numbers that ``act`` looks for in ``said``.

    A pattern with a group gives the sum of what the group holds, one without gives how
    often it occurs.
    """
    return {name: _number(re.compile(pattern), said) for name, pattern in act.sees.items()}


def _number(pattern: re.Pattern[str], said: str) -> int:
    matches = list(pattern.finditer(said))
    return sum(int(m[1]) for m in matches) if pattern.groups else len(matches)


def worded(act: Errand, words: Mapping[str, str]) -> list[str]:
    """Return the words of the command with the placeholders of ``words`` filled in."""
    return [
        re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), str(word)) for word in act.run
    ]
