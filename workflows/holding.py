"""A data folder belongs to one stack: to its parent, and to its children as long as one lives.

Two servers over one database would each believe that it is theirs.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.private import opener, own_folder

WAITS_S = 5
LOOK_EVERY_S = 0.1


class AlreadyRunningError(Exception):
    """Another process holds the data folder."""


@contextmanager
def held(data_dir: Path) -> Iterator[int]:
    """Hold ``data_dir``, also for every child that is handed the descriptor this gives.

    A stack that is just ending is waited for, five seconds at most.

    Raises:
        AlreadyRunningError: another stack holds it, or what is left of one.
    """
    own_folder(data_dir)
    with open(data_dir / "lock", "a+", encoding="utf-8", opener=opener) as file:
        if not _locked(file):
            file.seek(0)
            raise AlreadyRunningError(_who(data_dir, file.read().strip()))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def _locked(file: IO[str]) -> bool:
    deadline = time.monotonic() + WAITS_S
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_S)  # a lock is waited for without an end, or not at all


def _who(data_dir: Path, parent: str) -> str:
    """Say which processes hold the folder; what a killed parent left has to be ended."""
    left = ", ".join(map(str, _holders(data_dir / "lock")))
    if not left or Path("/proc", parent or "?").exists():
        return (
            f"{data_dir} 正在由进程 {parent or '?'} 使用 | "
            f"{data_dir} is in use by another taizhang"
        )
    return (
        f"{data_dir} 还由已被杀死的 taizhang(进程 {parent})留下的进程 {left} 占用,请结束它们 | "
        f"{data_dir} is held by processes {left}, left by a taizhang that was killed: end them"
    )


def _holders(lock: Path) -> list[int]:
    """Return which other processes have ``lock`` open, as far as we may look."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if os.path.samefile(descriptor, lock):
                found.add(int(descriptor.parts[2]))
    return sorted(found - {os.getpid()})
