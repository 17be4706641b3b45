"""The command line in processes of their own that need not read all the code again.

Each is forked from a server that has read it once, so hundreds of commands take little.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workflows.main import main

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([main.__module__])


def printed(
    commands: Iterable[Sequence[str]], env: Mapping[str, str], root: Path, folder: Path
) -> list[str]:
    """Return what each command prints, on either stream, run in ``root`` with ``env``."""

    def by(numbered: tuple[int, Sequence[str]]) -> str:
        number, words = numbered
        file = folder / f"{number}.txt"
        child = FORKED.Process(target=_typed, args=(tuple(words), dict(env), root, file))
        child.start()
        child.join()
        return file.read_text("utf-8")

    with ThreadPoolExecutor() as pool:
        return [*pool.map(by, enumerate(commands))]


def _typed(words: tuple[str, ...], env: dict[str, str], root: Path, file: Path) -> None:
    with file.open("wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(root)
    sys.argv = ["taizhang", *words]
    main()
