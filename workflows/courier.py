"""The process that delivers events to plugins: ``python -m workflows.courier``.

It holds the ledger and runs no plugin; the process it hands events to runs plugins and
knows no ledger.
"""

from __future__ import annotations

import signal
import threading

import structlog

from engine import logs
from engine.ledger.sql import open_ledger
from engine.settings import Settings
from workflows.delivering import delivering
from workflows.places import leave

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Deliver until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    log.info("courier_started")
    with delivering(settings, lambda: open_ledger(settings.ledger)):
        stop.wait()
    log.info("courier_stopped")


if __name__ == "__main__":
    logs.configure()
    run(Settings())
    leave(0)
