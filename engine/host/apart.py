"""Ask plugins without a server: each in a process of its own, which may die alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.host.guard import CALL_TIMEOUT_S
from engine.plan.calls import HookCall, HookEnvelope, absent
from engine.record import Record

PATIENCE_S = 30
"""How long a process may take for all hooks of one plugin; each hook has less."""


class Asked(Record):
    """What the process is told on its standard input."""

    folder: str | None
    file: str | None = None
    timeout_s: float = CALL_TIMEOUT_S
    calls: tuple[HookCall, ...]


ANSWERS: TypeAdapter[list[HookEnvelope]] = TypeAdapter(list[HookEnvelope])


def answers(
    folder: Path | None, calls: Iterable[HookCall], *, file: Path | None = None,
    timeout_s: float = CALL_TIMEOUT_S,
) -> tuple[HookEnvelope, ...]:  # fmt: skip
    """Return an envelope for each call; a process that died or hung has its code in them.

    ``file`` holds the configuration of the plugins.
    """
    ordered = sorted(calls, key=lambda call: call.plugin)
    found: list[HookEnvelope] = []
    for _, group in groupby(ordered, key=lambda call: call.plugin):
        found += _of_one(folder, tuple(group), file, timeout_s)
    return tuple(found)


def _of_one(
    folder: Path | None, calls: tuple[HookCall, ...], file: Path | None, timeout_s: float
) -> list[HookEnvelope]:
    asked = Asked(
        folder=str(folder) if folder else None, file=str(file) if file else None,
        timeout_s=timeout_s, calls=calls,
    )  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.host.alone"], input=asked.model_dump_json().encode(),
            capture_output=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [absent(call, "contribution_timeout") for call in calls]
    if done.returncode:
        return [absent(call, "worker_absent") for call in calls]
    return _told(done.stdout, calls)


def _told(output: bytes, calls: tuple[HookCall, ...]) -> list[HookEnvelope]:
    """Return the answers in ``output``; a process that ended early has none."""
    try:
        found = ANSWERS.validate_json(output.splitlines()[-1])
    except (IndexError, ValidationError):
        found = []
    if [(a.plugin, a.hook) for a in found] != [(c.plugin, c.hook) for c in calls]:
        return [absent(call, "worker_absent") for call in calls]
    return found
