"""What notices say, in Chinese and in English, from two files with the same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from engine.record import Lang


@cache
def phrases(lang: Lang) -> dict[str, dict[str, str]]:
    """Return the phrases of a language by group and key."""
    text = (files("engine.notices") / "phrases" / f"{lang}.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(lang: Lang, group: str, key: str, /, **facts: Any) -> str:
    """Return a phrase with ``facts`` filled in.

    Raises:
        KeyError: there is no such phrase, or it needs a fact that is not given.
    """
    return phrases(lang)[group][key].format(**facts)
