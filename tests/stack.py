"""A core worker and a plugin host in this process, over a ledger in memory."""

from __future__ import annotations

from contextlib import asynccontextmanager

from temporalio.client import Client

from engine.ledger.memory import InMemoryLedger
from engine.settings import Settings
from workflows.gateway import TemporalGateway
from workflows.worker import core_worker, host_worker


class Running:
    """A core worker and a plugin host over one ledger in memory."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
        self.settings = settings
        self.ledger = InMemoryLedger()
        self.gateway = TemporalGateway(client, settings)

    @asynccontextmanager
    async def workers(self, *, cached: int = 500, host: bool = True):
        core = core_worker(self.client, self.settings, lambda: self.ledger, cached=cached)
        async with core:
            if not host:
                yield self
                return
            async with host_worker(self.client, self.settings):
                yield self
