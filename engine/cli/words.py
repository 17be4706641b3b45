"""What the command line says, in Chinese and in English, from two files with the same keys."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engine.bilingual import half
from engine.record import Lang


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return every phrase of a language by its dotted key."""
    text = (files("engine.cli") / "phrases" / f"{lang}.toml").read_text("utf-8")
    return {
        f"{group}.{key}": phrase
        for group, phrases in tomllib.loads(text).items()
        for key, phrase in phrases.items()
    }


@dataclass(frozen=True)
class Words:
    """The phrases of one language."""

    lang: Lang

    def say(self, key: str, **facts: Any) -> str:
        """Return the phrase ``key`` with ``facts`` filled in.

        Raises:
            KeyError: there is no such phrase.
        """
        return catalogue(self.lang)[key].format(**facts)

    def of(self, group: str, value: str) -> str:
        """Return the word for a value such as a status, or the value when none is known."""
        return catalogue(self.lang).get(f"{group}.{value}", value)

    def half(self, line: str) -> str:
        """Return this language's half of a line written ``zh | en``."""
        return half(line, self.lang)
