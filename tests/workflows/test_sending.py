"""A command meets a cycle between two runs, and reaches the next one."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import Running

from engine.gateway import CycleClosed, CycleNotFound
from engine.settings import Settings
from workflows.gateway import workflow_id
from workflows.sending import Sender

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
FILED = (("file_plan", {"by": "m01", "content": SEALED}), ("accept_filing", {"by": "sup"}))
BODIES = [{"by": "m05", "batch": f"b{n}", "channel": "forum", "opinions": 1} for n in range(60)]


@pytest.fixture
async def cycle(server, tmp_path):
    """A filed cycle whose runs are short; its gateway, id and first run."""
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue, plugin_task_queue=f"{queue}-p", data_dir=tmp_path, plugins="",
        append_linger_s=0, continue_after_events=30,
    )  # fmt: skip
    running, name = Running(server.client, settings), f"s-{uuid4().hex[:8]}"
    async with running.workers(host=False):
        opening = NANZHANG.named(name).opening()
        await running.gateway.open(opening.model_copy(update={"plugins": ()}))
        first = (await server.client.get_workflow_handle(workflow_id(name)).describe()).run_id
        for kind, body in FILED:
            await running.gateway.submit(name, kind, body, command_id=kind)
        yield running, name, first


async def closed(running, name, bodies):
    """Close a batch of opinions for each body, three at a time."""
    for start in range(0, len(bodies), 3):
        await asyncio.gather(
            *(
                running.gateway.submit(
                    name, "close_opinion_batch", body, command_id=body["batch"]
                )
                for body in bodies[start : start + 3]
            )
        )


def batches(running, name) -> int:
    rows = running.ledger.read(stream=f"cycle/{name}", limit=999)
    return [row.event.kind for row in rows].count("OpinionBatchClosed")


async def test_no_command_is_lost_while_runs_follow_one_another(cycle):
    running, name, _ = cycle
    await closed(running, name, BODIES)
    async with asyncio.timeout(20):
        while batches(running, name) < len(BODIES):
            await asyncio.sleep(0.05)

    assert batches(running, name) == len(BODIES)


async def test_what_a_run_that_is_over_does_not_take_goes_to_the_one_after_it(cycle):
    """The server says of the first run what it says of a cycle that is closed."""
    running, name, first = cycle
    await closed(running, name, BODIES[:30])
    sender = Sender(running.client, running.settings, absent=CycleNotFound, over=CycleClosed)
    tried = []

    async def send():
        tried.append(None if tried else first)
        handle = running.client.get_workflow_handle(workflow_id(name), run_id=tried[-1])
        return await handle.execute_update(
            "close_opinion_batch", BODIES[-1], id=f"late-{len(tried)}"
        )

    assert await sender.patiently(send, workflow_id(name))
    assert tried == [first, None]


async def test_whoever_stops_waiting_is_let_go_at_once(server, tmp_path):
    """Nobody works for the cycle, so nobody answers; the wait is cut off like Ctrl-C does."""
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(task_queue=queue, data_dir=tmp_path, plugins="")
    name = f"s-{uuid4().hex[:8]}"
    await server.client.start_workflow("nobody-runs-it", id=workflow_id(name), task_queue=queue)
    sender = Sender(server.client, settings, absent=CycleNotFound, over=CycleClosed)
    handle, sent = server.client.get_workflow_handle(workflow_id(name)), asyncio.Event()

    async def send():
        sent.set()
        return await handle.execute_update("await_closing", id="w")

    waiting = asyncio.create_task(sender.patiently(send, workflow_id(name)))
    await sent.wait()
    waiting.cancel()
    async with asyncio.timeout(20):
        with pytest.raises(asyncio.CancelledError):
            await waiting
