"""Where two reports differ: every path with both values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.record import Record

MISSING = "-"


class Difference(Record):
    """One value that is another: where, as it was saved, as it is computed now."""

    path: str
    saved: Any
    now: Any


def differences(saved: Any, now: Any, path: str = "") -> Iterator[Difference]:
    """Yield every difference between two JSON values, in the order of ``saved``."""
    if isinstance(saved, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*saved, *now)):
            yield from differences(
                saved.get(key, MISSING), now.get(key, MISSING), f"{path}.{key}".lstrip(".")
            )
    elif isinstance(saved, list) and isinstance(now, list):
        for n in range(max(len(saved), len(now))):
            yield from differences(_at(saved, n), _at(now, n), f"{path}[{n + 1}]")
    elif saved != now or type(saved) is not type(now):
        yield Difference(path=path, saved=saved, now=now)


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else MISSING
