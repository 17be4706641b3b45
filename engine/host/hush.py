"""Keep secrets of configurations out of what a host's process prints."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TextIO

HIDDEN = "(secret)"
_known: set[str] = set()


def learn(secrets: Iterable[str]) -> None:
    """From now on, hide these in everything a hushed stream is given."""
    _known.update(secrets)


def hush() -> None:
    """Hide secrets in this process's output; call before anybody keeps a stream."""
    sys.stdout, sys.stderr = Hushed(sys.stdout), Hushed(sys.stderr)


class Hushed:
    """A text stream that passes everything on but the secrets; helps against carelessness.

    Code that means harm writes to the file descriptor: what must not meet a secret does
    not run in its process.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` without secrets; return the length of what was asked."""
        shown = text
        for secret in _known:
            shown = shown.replace(secret, HIDDEN)
        self._stream.write(shown)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
