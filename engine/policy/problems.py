"""What is wrong with a pack: key, value and reason, in one sentence ``zh | en``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from engine import misshapen
from engine.bilingual import halves

NOTHING = object()
"""Stands for the value of a key that is not there."""

LONGEST = 120
REASONS: Mapping[str, tuple[str, str]] = {
    **misshapen.REASONS,
    "extra_forbidden": ("没有这一项", "is not a key"),
    "string_type": ("应为带引号的文字", "must be text in quotes"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_pattern_mismatch": (
        "只能用小写字母、数字、点和横线,至多 64 个",
        "takes lower-case letters, digits, dots and dashes, at most 64",
    ),
    "tuple_type": ("应为方括号里的列表", "must be a list in brackets"),
    "model_type": ("应为一个表", "must be a table"),
    "value_error": (
        "应写成 1/2 或 0.9 这样,大于 0、至多 1",
        "is a share like 1/2 or 0.9, above 0 and at most 1",
    ),
}
"""What a pack says otherwise: it is written in TOML."""


class PackError(ValueError):
    """No policy can be had from this pack; ``problems`` holds every reason at once.

    Each problem is one sentence ``zh | en`` with key, value and reason.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def problem(key: str, value: Any, zh: str, en: str) -> str:
    """Return one problem as a sentence: ``key = value:zh | key = value: en``."""
    shown = "" if value is NOTHING else f" = {_shown(value)}"
    return f"{key}{shown}:{zh} | {key}{shown}: {en}"


def translated(wrong: ValidationError, known: Mapping[str, Any]) -> list[str]:
    """Return each error as a problem; an unknown key is told its nearest in ``known``."""
    return [_sentence(dict(error), known) for error in wrong.errors(include_url=False)]


def key_of(path: Iterable[int | str]) -> str:
    """Return a path as it is spoken: ``("lights", 1, "days")`` is ``lights[2].days``."""
    parts = (f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    return "".join(parts).removeprefix(".")


def _sentence(error: dict[str, Any], known: Mapping[str, Any]) -> str:
    kind, path = error["type"], error["loc"]
    zh, en = halves(misshapen.reason(error, REASONS))
    if kind == "extra_forbidden":
        for near in get_close_matches(str(path[-1]), known, n=1):
            zh, en = f"{zh},是不是 {near}", f"{en}; is it {near}?"
    return problem(key_of(path), NOTHING if kind == "missing" else error["input"], zh, en)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str).replace(" | ", " / ")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
