"""Ask plugins without a server: each in a process of its own, which may die alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.host.guard import CALL_TIMEOUT_S
from engine.host.scopes import NO_SCOPES, Scopes
from engine.host.surroundings import surroundings
from engine.plan.calls import HookCall, HookEnvelope, absent
from engine.record import Record

PATIENCE_S = 30
"""How long a process may take for all hooks of one plugin; each hook has less."""


class Asked(Record):
    """What the process is told on its standard input."""

    folder: str | None
    scopes: Scopes = NO_SCOPES
    timeout_s: float = CALL_TIMEOUT_S
    calls: tuple[HookCall, ...]


ANSWERS: TypeAdapter[list[HookEnvelope]] = TypeAdapter(list[HookEnvelope])


def answers(
    folder: Path | None, calls: Iterable[HookCall], *, scopes: Scopes = NO_SCOPES,
    timeout_s: float = CALL_TIMEOUT_S,
) -> tuple[HookEnvelope, ...]:  # fmt: skip
    """Return an envelope for each call; a process that died or hung has its code in them.

    ``scopes`` hold the configuration of the plugins, with references for secrets.
    """
    ordered = sorted(calls, key=lambda call: call.plugin)
    found: list[HookEnvelope] = []
    for _, group in groupby(ordered, key=lambda call: call.plugin):
        asked = Asked(
            folder=str(folder) if folder else None, scopes=scopes, timeout_s=timeout_s,
            calls=tuple(group),
        )  # fmt: skip
        found += _of_one(asked)
    return tuple(found)


def _of_one(asked: Asked) -> list[HookEnvelope]:
    calls = asked.calls
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.host.alone"], input=asked.model_dump_json().encode(),
            capture_output=True, timeout=PATIENCE_S, check=False, env=surroundings(os.environ),
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
