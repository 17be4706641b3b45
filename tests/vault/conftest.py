"""Vaults to test: every kind there is, and one on disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from engine.vault.memory import InMemoryVault
from engine.vault.schema import opened
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def noon() -> datetime:
    return NOON


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def vault(request, tmp_path):
    """One of every kind; the contract holds for each."""
    if request.param == "memory":
        return InMemoryVault(noon)
    url = f"sqlite:///{tmp_path}/vault.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    return SqlVault(opened(url), MASTER, noon)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Callable[[bytes], SqlVault]:
    """Open the same database under a master key, as often as asked."""
    url = f"sqlite:///{tmp_path}/vault.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    return lambda master: open_vault(url, master)
