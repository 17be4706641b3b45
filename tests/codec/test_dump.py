"""Nothing that goes through a payload can be read in what the server keeps."""

from __future__ import annotations

import pytest
from encrypted import SCENARIO
from temporalio.client import WorkflowUpdateFailedError

from engine.gateway import CommandRefused
from engine.ledger.memory import InMemoryLedger
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault
from workflows.gateway import workflow_id

SUMMARIES = ["记入台账", "查看可用插件", "编定步骤", "组织生活会周期"]
FIELDS = ['"opening"', '"schema_version"', '"by":', '"steps"', '"digest"']


class Failing(InMemoryLedger):
    """Fails its first append with a message that quotes what it should not."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self._message: str | None = message

    def append(self, events):
        message, self._message = self._message, None
        if message:
            raise RuntimeError(message)
        return super().append(events)


async def told(stage, mark):
    """Open a cycle with ``mark`` in everything a payload carries; return its id."""
    scenario = SCENARIO.named(f"{mark[-8:]}-c")
    opening = scenario.opening()
    guest = opening.people[-1].model_copy(update={"id": f"person-{mark}"})
    people = (*opening.people, guest)
    stage.ledger = Failing(f"failure-{mark}")
    content = f"sealed:{mark[-8:] * 4}:{'2' * 64}"
    batch = {"by": "m05", "batch": f"batch-{mark}", "channel": "forum"}
    async with stage.workers():
        await stage.gateway.open(opening.model_copy(update={"people": people}))
        await stage.gateway.submit(
            scenario.cycle, "file_plan", {"by": "m01", "content": content}, command_id="c1"
        )
        await stage.gateway.submit(
            scenario.cycle, "accept_filing", {"by": "sup"}, command_id="c2"
        )
        await stage.gateway.submit(
            scenario.cycle, "close_opinion_batch", batch, command_id="c3"
        )
        handle = stage.client.get_workflow_handle(workflow_id(scenario.cycle))
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(f"unknown_{mark[-8:]}", {"x": f"refused-{mark}"})
        with pytest.raises(CommandRefused):
            await stage.gateway.submit(
                scenario.cycle, "archive_cycle", {"by": "m10"}, command_id="c4"
            )
        await handle.signal("nobody_listens", f"signal-{mark}")
    return scenario.cycle


def planted(mark):
    return [f"{where}-{mark}" for where in ("person", "batch", "failure", "signal")] + [
        mark[-8:] * 4
    ]


def counted(stage, words):
    """Return how often each word is in the server's file."""
    dump = stage.server.dump()
    return {word: dump.count(word.encode()) for word in words}


async def test_nothing_planted_is_in_the_servers_file(stage):
    before = counted(stage, SUMMARIES + FIELDS)
    mark = "canary-0a1b2c3d"
    cycle = await told(stage, mark)
    async with stage.workers():
        await play(
            SCENARIO.named("whole-play"), stage.gateway, InMemoryVault(),
            told=lambda _: None, limit_bytes=16384,
        )  # fmt: skip

    assert set(counted(stage, planted(mark)).values()) == {0}
    assert counted(stage, SUMMARIES + FIELDS) == before
    assert workflow_id(cycle).encode() in stage.server.dump()


async def test_in_clear_each_of_them_can_be_found_there(stage):
    """The control: the same cycle, not encrypted, shows what the test above looks for."""
    plain = stage.settings.model_copy(update={"payloads": "plain"})
    stage.client = await stage.connected(payloads="plain")
    stage.gateway = type(stage.gateway)(stage.client, plain)
    mark = "canary-4e5f6a7b"
    await told(stage, mark)

    assert all(counted(stage, planted(mark)).values())
    assert all(counted(stage, SUMMARIES + FIELDS).values())
