"""What stands behind a part's address of metrics."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from engine.settings import Settings
from workflows.telemetry import PARTS

LABELS = {
    "activity_type", "eager", "failure_reason", "le", "namespace",
    "operation", "poller_type", "service_name", "status_code", "task_queue",
    "worker_type", "workflow_type",
}  # fmt: skip
AGAIN_S = 1.0


def scraped(address):
    """What is answered at ``address``; nothing when nobody does."""
    try:
        with urlopen(f"http://{address}/metrics", timeout=5) as answer:
            return answer.read().decode()
    except (URLError, OSError):
        return ""


def labels(text):
    """Every label with the values it has."""
    found = defaultdict(set)
    for label, value in re.findall(r'(\w+)="([^"]*)"', text):
        found[label].add(value)
    return found


@contextmanager
def watched(metrics):
    """What each part answered last, looked at again and again for the length of the block."""
    settings, last, over = Settings(metrics=metrics), {}, threading.Event()

    def look() -> None:
        while not over.wait(AGAIN_S):
            for number, part in enumerate(PARTS):
                if text := scraped(settings.metrics_address(number)):
                    last[part] = text

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield last
    finally:
        over.set()
        looking.join()
