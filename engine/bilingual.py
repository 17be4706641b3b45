"""A line in both languages, ``zh | en``, and what becomes of it for a reader of one."""

from __future__ import annotations

from engine.record import Lang


def halves(line: str) -> tuple[str, str]:
    """Return the Chinese half and the English; a line with but one is both."""
    zh, bar, en = line.partition(" | ")
    return (zh, en) if bar else (line, line)


def half(line: str, lang: Lang) -> str:
    """Return that language's half of ``line``."""
    zh, en = halves(line)
    return zh if lang == "zh" else en
