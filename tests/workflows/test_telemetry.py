"""An operator who asks for metrics gets them, in names and ids alone."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path
from uuid import uuid4

import pytest
from measuring import LABELS, labels, scraped
from rehearsal import NANZHANG
from stack import real_stack
from temporalio.service import RPCError

from engine.ledger.memory import InMemoryLedger
from engine.ledger.sql import wall_clock
from engine.people.keys import ActorKeys
from engine.settings import Settings
from workflows.embedded import free_port
from workflows.gateway import TemporalGateway, connect
from workflows.shapes import CYCLE_WORKFLOW, CycleStart
from workflows.telemetry import measured
from workflows.worker import core_worker

RECORDED, HOOKED = 'activity_type="append_events"', 'activity_type="run_hook"'
NIGHTLY = 'workflow_type="RetentionWorkflow"'
METRICS = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")


async def test_worker_and_host_of_a_stack_each_say_what_they_did(tmp_path):
    settings = Settings(data_dir=tmp_path, metrics=f"127.0.0.1:{free_port()}")
    async with real_stack(settings) as (_, reached):
        opening = NANZHANG.opening()
        await TemporalGateway(await connect(reached), reached).open(opening)
        told = ""
        async with asyncio.timeout(60):
            while not all(said in told for said in (RECORDED, HOOKED, NIGHTLY)):
                await asyncio.sleep(0.1)
                worker, host = (scraped(settings.metrics_address(n)) for n in (0, 1))
                told = worker + host

    assert RECORDED in worker
    assert HOOKED in host
    assert set(labels(told)) <= LABELS
    assert labels(told)["workflow_type"] == {"CycleWorkflow", "RetentionWorkflow"}


async def test_every_metric_an_operator_is_told_to_watch_is_served(server, tmp_path):
    """What counts failures is there once something failed: here each thing does."""
    queue, address = f"q-{uuid4().hex[:8]}", f"127.0.0.1:{free_port()}"
    settings = Settings(
        task_queue=queue, data_dir=tmp_path, metrics=address, payloads="plain",
        temporal_address=server.client.service_client.config.target_host,
    )  # fmt: skip
    client = await connect(settings, runtime=measured(settings, "worker"))
    keys = ActorKeys(tmp_path / "keys")
    keys.roots(wall_clock())
    told = re.findall(r"`(\w+_(?:total|seconds|available|pollers|size))`", METRICS)
    async with core_worker(client, settings, InMemoryLedger, keys=keys):
        for start in (CycleStart(opening=NANZHANG.opening()), "no start"):
            name = f"cycle/{uuid4().hex[:8]}"
            await client.start_workflow(CYCLE_WORKFLOW, start, id=name, task_queue=queue)
        with pytest.raises(RPCError):
            await client.get_workflow_handle("cycle/nowhere").describe()
        async with asyncio.timeout(30):
            while missing := [n for n in told if f"temporal_{n}" not in scraped(address)]:
                await asyncio.sleep(0.5)
        await client.get_workflow_handle(name).terminate()

    assert len(told) > 8, missing


def test_an_address_that_somebody_else_has_stops_nobody(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(metrics=f"127.0.0.1:{taken.getsockname()[1]}")

        assert measured(settings, "worker") is None
    assert "metrics_unavailable" in capsys.readouterr().out


@pytest.mark.parametrize("part", ["worker", "host"])
def test_nobody_is_measured_who_does_not_ask(part):
    assert measured(Settings(metrics=None), part) is None
