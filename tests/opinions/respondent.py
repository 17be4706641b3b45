"""A process that answers with one link after the other, and may be killed at any moment.

``python respondent.py FOLDER [MOMENT]`` reads ``link<TAB>text`` lines and prints each link
whose answer was acknowledged, or ``used``. MOMENT is where it kills itself.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from opinions.conftest import BATCH, DAY, sqlite_room

from engine.opinions.refusals import LinkUsed


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(room, moment: str) -> None:
    """Make the process die right after the step called ``moment``."""
    keep, settle, using = room.pool.keep, room.pool.settle, room.tokens.using
    if moment == "before the token is used":
        room.pool.keep = lambda *a, **k: (keep(*a, **k), die())
    elif moment == "after the token is used":
        room.pool.settle = die
    elif moment == "before it is acknowledged":
        room.pool.settle = lambda *a, **k: (settle(*a, **k), die())
    elif moment == "before the answer is kept":

        @contextmanager
        def dying(*a):
            with using(*a):
                die()
                yield

        room.tokens.using = dying


def main(folder: str, moment: str = "") -> None:
    room = sqlite_room(Path(folder))
    deadly(room, moment)
    for line in sys.stdin:
        link, text = line.rstrip("\n").split("\t")
        try:
            room.intake.answer(BATCH, link, text, today=DAY)
        except LinkUsed:
            print(f"used\t{link}", flush=True)
        else:
            print(f"thanked\t{link}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
