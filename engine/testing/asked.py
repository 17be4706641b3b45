"""Ask a plugin in a process of its own: ``python -m engine.testing.asked FOLDER``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from engine.host.surroundings import surroundings
from engine.plan.calls import HookEnvelope
from engine.plan.steps import PlanContext
from engine.record import Record
from engine.testing.hosted import PluginHost

PATIENCE_S = 60
CONTEXTS: TypeAdapter[list[PlanContext]] = TypeAdapter(list[PlanContext])


class Heard(Record):
    """What each hook answered in each context, asked twice, and all that was printed."""

    first: tuple[tuple[HookEnvelope, ...], ...]
    second: tuple[tuple[HookEnvelope, ...], ...]
    printed: str = ""


class SilentError(Exception):
    """The process gave no answer: it died, or took too long."""


def heard(
    folder: Path, contexts: Sequence[PlanContext], *, seed: int, environment: Mapping[str, str]
) -> Heard:
    """Return what the plugin answers where strings are hashed by ``seed``.

    Raises:
        SilentError: the process died or hung.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.testing.asked", str(folder)],
            input=CONTEXTS.dump_json(list(contexts)), capture_output=True, check=False,
            timeout=PATIENCE_S,
            env={**surroundings(os.environ), **environment, "PYTHONHASHSEED": str(seed)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise SilentError(f"its process took longer than {PATIENCE_S} s") from None
    if done.returncode:
        raise SilentError(f"its process ended with {done.returncode}")
    *printed, answer = done.stdout.splitlines()
    told = b"\n".join((*printed, done.stderr)).decode("utf-8", "replace")
    return Heard.model_validate_json(answer).model_copy(update={"printed": told})


def main() -> None:
    """Answer on the last line of the output."""
    contexts = CONTEXTS.validate_json(sys.stdin.buffer.read())
    host = PluginHost(Path(sys.argv[1]))
    first, second = (tuple(map(host.answers, contexts)) for _ in range(2))
    sys.stdout.write(f"\n{Heard(first=first, second=second).model_dump_json()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
