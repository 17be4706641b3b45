"""The room of opinions on SQLite and on PostgreSQL, over a vault that is real too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.opinions.answers.batches import Batches, Issue
from engine.opinions.answers.coded import Codings
from engine.opinions.answers.pool import Pool
from engine.opinions.answers.rows import Answers
from engine.opinions.answers.tables import open_opinions
from engine.opinions.coding import Coding
from engine.opinions.intake import Intake
from engine.opinions.results import Results
from engine.opinions.shutting import Shutting
from engine.opinions.token import Keys, drawn, read
from engine.opinions.tokens.store import Tokens, open_tokens
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
KEYS = Keys.of(MASTER)
DAY = date(2021, 7, 16)
BATCH = "forms"


@dataclass
class Room:
    """The stores of one installation, and the acts that tests begin with."""

    tokens_url: str
    opinions_url: str
    vault_url: str
    folder: Path

    @cached_property
    def tokens(self) -> Tokens:
        return open_tokens(self.tokens_url)

    @cached_property
    def engine(self) -> sa.Engine:
        return open_opinions(self.opinions_url)

    @cached_property
    def vault(self) -> SqlVault:
        return open_vault(self.vault_url, MASTER)

    @cached_property
    def batches(self) -> Batches:
        return Batches(self.engine)

    @cached_property
    def pool(self) -> Pool:
        return Pool(self.engine, KEYS.pool)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.tokens, self.batches, self.pool, KEYS, limit_bytes=4096)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.engine)

    @cached_property
    def shutting(self) -> Shutting:
        return Shutting(self.tokens, self.batches, self.pool, self.answers, self.vault)

    @cached_property
    def codings(self) -> Codings:
        return Codings(self.engine)

    @cached_property
    def coding(self) -> Coding:
        return Coding(
            self.batches, self.pool, self.answers, self.codings, self.vault, limit_bytes=4096
        )

    @cached_property
    def results(self) -> Results:
        return Results(self.batches, self.codings)

    def shut(self, batch: str = BATCH) -> None:
        self.shutting.shut(batch, by="col", today=DAY)

    def asked(self, *issues: Issue, batch: str = BATCH) -> None:
        self.batches.open(batch, cycle="c1", channel="form", k=5, today=DAY)
        self.batches.issue(batch, issues)

    def links(self, count: int, body: int = 0, batch: str = BATCH) -> list[str]:
        written = [drawn(KEYS, batch, body) for _ in range(count)]
        self.tokens.add(batch, [self.kept(w, batch) for w in written])
        return written

    @staticmethod
    def kept(written: str, batch: str = BATCH) -> bytes:
        return read(KEYS, batch, written).kept

    def close(self) -> None:
        """Let go of whatever was opened."""
        for store in (self.tokens, self, self.vault):
            store.engine.dispose()

    def texts(self, batch: str = BATCH) -> list[str]:
        return sorted(entry.text for entry in self.pool.entries(batch).values())


def sqlite_room(folder: Path) -> Room:
    url = f"sqlite:///{folder}"
    return Room(f"{url}/tokens.db", f"{url}/opinions.db", f"{url}/vault.db", folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request, tmp_path):
    """One of every kind; the contract holds for each."""
    if request.param == "sqlite":
        yield sqlite_room(tmp_path)
        return
    url = request.getfixturevalue("postgres_urls")
    lived = Room(url(), url(), url(), tmp_path)
    yield lived
    lived.close()
