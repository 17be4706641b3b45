"""Do something again and again in a thread beside a worker, which it never harms."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPS_WITHIN_S = 3.0


@contextmanager
def following(
    name: str, act: Callable[[], object], failed: Callable[[str], None], *, every_s: float,
    once_more: bool = False,
) -> Iterator[None]:  # fmt: skip
    """Act every ``every_s`` seconds for the length of the block.

    Whatever goes wrong is told to ``failed`` by the name of its class, and the next pass
    comes. ``once_more`` acts a last time when the block ends.
    """
    stop = threading.Event()

    def follow() -> None:
        stopping = False
        while not stopping:
            stopping = stop.wait(every_s)
            if stopping and not once_more:
                return
            try:
                act()
            except Exception as error:
                failed(type(error).__name__)

    thread = threading.Thread(target=follow, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOPS_WITHIN_S)
