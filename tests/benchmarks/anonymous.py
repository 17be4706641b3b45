"""What an answer costs as its batch fills: ``python tests/benchmarks/anonymous.py``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from opinions.conftest import BATCH, DAY, sqlite_room

from engine.opinions.answers.batches import Issue

TEXT = "意见" * 150
SIZES = (256, 2000)


def main() -> None:
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            room = sqlite_room(Path(folder))
            room.asked(Issue(body="b01", kind="branch", links=size))
            took = [timed(room, link) for link in room.links(size)]
        print(
            f"{size} forms of {len(TEXT.encode())} bytes: median {median(took):.0f} ms, "
            f"last twenty {sum(took[-20:]) / 20:.0f} ms, all {sum(took) / 1000:.0f} s"
        )


def timed(room, link: str) -> float:
    begun = time.perf_counter()
    room.intake.answer(BATCH, link, TEXT, today=DAY)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
