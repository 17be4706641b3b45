"""Run what a plugin wrote in a thread of its own: whatever it does costs only its answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import Generic, TypeVar

CALL_TIMEOUT_S = 8.0
"""Below the activity's own limit, so that a slow plugin is told by name."""

T = TypeVar("T")


class HostError(Exception):
    """What the host itself finds wrong with a plugin; passes the guard unchanged."""


class PluginCodeError(HostError):
    """A plugin raised, ``SystemExit`` included; the message is a class and a line."""


class Guarded(Generic[T]):
    """One call into a plugin. Its thread is a daemon, so a hung one never stops an exit."""

    def __init__(self, call: Callable[[], T], *, folder: str) -> None:
        self._call = call
        self._folder = folder
        self._answer: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def running(self) -> bool:
        """Say whether the plugin still holds its thread."""
        return self._thread.is_alive()

    def answer(self, *, timeout_s: float) -> T:
        """Start the call and return what it gives.

        Raises:
            TimeoutError: it takes longer than ``timeout_s``; the thread stays behind.
            HostError: the host refuses what it saw, or the plugin raised anything.
        """
        self._thread.start()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError
        if isinstance(self._error, HostError):
            raise self._error
        if self._error is not None:
            raise PluginCodeError(described(self._error, self._folder)) from self._error
        return self._answer[0]

    def _run(self) -> None:
        try:
            self._answer.append(self._call())
        except BaseException as error:  # a plugin's SystemExit must not end the host
            self._error = error


def described(error: BaseException, folder: str) -> str:
    """Return the class of ``error`` and the plugin's last line in it; never its message."""
    inside = [f for f in extract_tb(error.__traceback__) if f.filename.startswith(folder)]
    name = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{name}, {Path(error.filename).name} line {error.lineno}"
    return (
        f"{name}, {Path(inside[-1].filename).name} line {inside[-1].lineno}" if inside else name
    )
