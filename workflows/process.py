"""What a worker process does from start to stop: ``python -m workflows.process worker``."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from functools import cache
from typing import Literal

import structlog
from temporalio.client import Client
from temporalio.runtime import Runtime

from engine import logs
from engine.gateway import ServerUnreachable
from engine.host.hush import hush
from engine.host.surroundings import shed
from engine.ledger.sql import SqlLedger, open_ledger
from engine.people.keys import ActorKeys
from engine.settings import Settings
from engine.vault.keyring import PayloadKeyError
from workflows.codec import Lost
from workflows.delivering import checking
from workflows.gateway import connect
from workflows.lost import LostRuns
from workflows.notifying import notifying
from workflows.places import leave
from workflows.retention import begin
from workflows.stores import Stores
from workflows.telemetry import measured
from workflows.worker import core_worker, host_worker, plugin_host, serve

log = structlog.get_logger()

Part = Literal["worker", "host"]
CONNECT_TRIES = 15


def ledger_of(settings: Settings) -> Callable[[], SqlLedger]:
    """Return how to get the ledger: opened at first need, kept once it could be opened."""

    @cache
    def opened() -> SqlLedger:
        return open_ledger(settings.ledger)

    return opened


async def run(part: Part, settings: Settings, unit: str | None = None) -> None:
    """Run one worker until SIGTERM or SIGINT, then shut it down in order.

    A host of ``unit`` runs the plugins that are the unit's own. No host opens the ledger:
    events are delivered by ``workflows.courier``.

    Raises:
        ServerUnreachable: nobody answered at the server's address.
        PayloadKeyError: payloads are encrypted and there is no key.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    lost = LostRuns()
    heard = lost.hear if part == "worker" else None
    client = await _client(settings, heard, measured(settings, part))
    if part == "host":
        hush()
        logs.configure()
        host = plugin_host(settings, unit)
        worker = host_worker(client, settings, host, unit=unit)
        beside = checking(host)
    else:
        ledger = ledger_of(settings)
        stores = Stores(settings, guarded=False)
        worker = core_worker(
            client, settings, ledger, retention=lambda: stores.retention,
            keys=ActorKeys(settings.actor_folder),
            cycles=lambda unit: stores.readings.of_unit(unit),
        )  # fmt: skip
        if settings.retention == "on":
            await begin(client, settings.task_queue)
        beside = notifying(settings, ledger)
    log.info("worker_started", part=part, queue=worker.task_queue)
    with beside:
        async with lost.ending(client):
            await serve(worker, stop)
    log.info("worker_stopped", part=part)


async def _client(settings: Settings, lost: Lost | None, runtime: Runtime | None) -> Client:
    for attempt in range(1, CONNECT_TRIES + 1):
        try:
            return await connect(settings, lost, runtime)
        except ServerUnreachable:
            if attempt == CONNECT_TRIES:
                raise
            await asyncio.sleep(0.5)
    raise AssertionError("the loop returns or raises")


def main() -> None:
    """Run the part named on the command line; leave with 3 when the server is away."""
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    if part not in ("worker", "host"):
        sys.exit("worker | host")
    if part == "host":
        shed()
    logs.configure()
    try:
        asyncio.run(run("host" if part == "host" else "worker", Settings()))
    except ServerUnreachable as error:
        log.error("server_unreachable", address=str(error))
        leave(3)
    except PayloadKeyError as error:
        log.error("payload_keys_unusable", problem=str(error))
        leave(2)
    leave(0)


if __name__ == "__main__":
    main()
