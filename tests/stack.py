"""A core worker and a plugin host in this process, over a ledger in memory."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from temporalio.client import Client

from engine.ledger.memory import InMemoryLedger
from engine.settings import Settings
from workflows.embedded import Stack
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


@asynccontextmanager
async def skipping_stack(settings):
    """A server that skips time; worker and host in processes of their own."""
    async with real_stack(settings, server="time_skipping") as stage:
        yield stage


@asynccontextmanager
async def real_stack(settings, *, server="real"):
    """The embedded stack; worker and host in processes of their own."""
    stack = Stack(settings, server=server)
    await asyncio.to_thread(stack.start)
    try:
        yield stack, settings.model_copy(update={"temporal_address": stack.address})
    finally:
        await asyncio.to_thread(stack.stop)


@asynccontextmanager
async def skipping(settings):
    """Where such a server is reached."""
    async with skipping_stack(settings) as (_, reached):
        yield reached
