"""A ledger in each database, real plugins in a real host, a clock moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.deliveries.deliverer import Deliverer
from engine.deliveries.subscriptions import subscriptions
from engine.host import Host, discover
from engine.ledger.sql import open_ledger

from .samples import Cycle, write_plugin


class Desk:
    """A deliverer and everything around it; ``restart`` is a new process's view."""

    def __init__(self, url: str, folder) -> None:
        self.url = url
        self.plugins, self.data = folder / "plugins", folder / "data"
        self.now = datetime.fromisoformat("2026-01-05T12:00:00+08:00")
        self.off: set[tuple[str, str]] = set()
        self.ledger = open_ledger(url)

    def install(self, name: str, *how: str, **named: str) -> None:
        write_plugin(self.plugins, name, *how, **named)
        self.restart()

    def restart(self, timeout_s: float = 5) -> None:
        found = discover(self.plugins, None)
        self.deliverer = Deliverer(
            self.ledger, subscriptions(found), Host(found, timeout_s=timeout_s).deliver,
            folder=self.data, is_on=lambda *who: who not in self.off, clock=lambda: self.now,
        )  # fmt: skip

    def wait(self, **how: float) -> None:
        self.now += timedelta(**how)

    def deliver(self):
        return self.deliverer.deliver()

    def heard(self, plugin: str, unit: str = "u1") -> list[str]:
        file = self.data / plugin / unit / "heard"
        return file.read_text().splitlines() if file.exists() else []

    def states(self, *states: str) -> dict[str, str]:
        rows = self.deliverer.outcomes.letters(
            states or ("waiting", "delivering", "delivered", "failed", "dead")
        )
        return {row.key: row.state for row in rows}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def desk(url, tmp_path):
    desk = Desk(url, tmp_path)
    yield desk
    desk.ledger.engine.dispose()


@pytest.fixture
def cycle(desk):
    cycle = Cycle()
    desk.ledger.append([cycle.planned])
    return cycle
