"""A ledger in each database, a clock that is moved by hand, a notifier over both."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.ledger.sql import open_ledger
from engine.notices.notifier import Notifier

from .samples import InMemoryPost


class Clock:
    def __init__(self, at: str = "2026-01-05T12:00:00+08:00") -> None:
        self.set(at)

    def __call__(self) -> datetime:
        return self.at

    def set(self, at: str) -> None:
        self.at = datetime.fromisoformat(at)


class Desk:
    """A notifier and everything around it; ``restart`` is a new process's view."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = Clock()
        self.ledger = open_ledger(url)
        self.post, self.rehearsals = InMemoryPost(), InMemoryPost()
        self.restart()

    def restart(self) -> None:
        self.notifier = Notifier(
            self.ledger, self.ledger.engine, self.post, rehearsals=self.rehearsals,
            clock=self.clock,
        )  # fmt: skip

    def send(self, at: str | None = None, **how):
        if at:
            self.clock.set(at)
        return self.notifier.send(**how)

    def states(self) -> dict[str, str]:
        return {d.key: d.state for d in self.notifier.deliveries.digests()}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def desk(url):
    return Desk(url)
