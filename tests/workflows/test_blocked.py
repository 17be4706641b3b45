"""A required plugin whose worker is away holds the cycle, and the cycle goes on with it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import Running
from temporalio.worker import Replayer

from engine.gateway import CommandRefused
from engine.settings import Settings
from workflows.cycle import CycleWorkflow
from workflows.gateway import workflow_id
from workflows.worker import host_worker, sandbox

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
OPEN_DOOR = Path(__file__).parents[2] / "plugins" / "open_door"


@pytest.fixture
def stage(server, tmp_path):
    """A core worker's settings with the open door as a required plugin, and no host."""
    folder = tmp_path / "plugins" / "open_door"
    shutil.copytree(OPEN_DOOR, folder)
    manifest = folder / "plugin.toml"
    manifest.write_text(
        manifest.read_text("utf-8").replace('"optional"', '"required"'), "utf-8"
    )
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue, plugin_task_queue=f"{queue}-p", plugin_wait_s=1,
        plugins_dir=folder.parent, plugins_file=tmp_path / "plugins.toml",
    )  # fmt: skip
    return Running(server.client, settings)


async def kinds(stage, cycle, wanted):
    """The kinds of the cycle's events once ``wanted`` is among them."""
    async with asyncio.timeout(20):
        while True:
            found = [r.event.kind for r in stage.ledger.read(stream=f"cycle/{cycle}")]
            if wanted in found:
                return found
            await asyncio.sleep(0.05)


async def test_an_absent_worker_holds_the_cycle_and_its_return_resumes_it(stage):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    async with stage.workers(host=False):
        with pytest.raises(CommandRefused) as refused:
            async with asyncio.timeout(6):
                await stage.gateway.open(scenario.opening())
        assert refused.value.reasons[0].code == "plan_is_blocked"
        assert refused.value.reasons[0].facts["plugins"] == ["open_door"]
        assert (await kinds(stage, scenario.cycle, "PlanBlocked"))[-1] == "PlanBlocked"
        async with host_worker(stage.client, stage.settings):
            found = await kinds(stage, scenario.cycle, "PlanPinned")
        handle = stage.client.get_workflow_handle(workflow_id(scenario.cycle))
        replayer = Replayer(
            workflows=[CycleWorkflow],
            data_converter=stage.client.data_converter,
            namespace=stage.client.namespace,
            workflow_runner=sandbox(),
        )
        result = await replayer.replay_workflow(await handle.fetch_history())

    assert found.count("PlanBlocked") == 1
    assert result.replay_failure is None
    plan = stage.ledger.read(stream=f"cycle/{scenario.cycle}")[-1].event.data["plan"]
    assert [s["id"] for s in plan["steps"] if s["origin"] == "local"] == [
        "open_door.invitations", "open_door.speeches",
    ]  # fmt: skip


async def test_the_superior_may_decide_to_go_on_without_it(stage):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    async with stage.workers(host=False):
        with pytest.raises(CommandRefused):
            await stage.gateway.open(scenario.opening())
        with pytest.raises(CommandRefused) as refused:
            await stage.gateway.submit(
                scenario.cycle, "file_plan", {"by": "m01", "content": SEALED}, command_id="f"
            )
        assert refused.value.reasons[0].code == "plan_is_blocked"
        body = {"by": "sup", "choice": "drop", "reason": SEALED}
        await stage.gateway.submit(scenario.cycle, "decide_plan", body, command_id="d")
        found = await kinds(stage, scenario.cycle, "PlanPinned")

    assert found[-3:] == ["PlanBlocked", "PlanDecided", "PlanPinned"]


REVIEWER = """
from engine import Objection, PlanContext, PlannedStep, hookimpl

@hookimpl
def review_plan(ctx: PlanContext, steps: tuple[PlannedStep, ...]) -> list[Objection]:
    short = len(steps) < 99
    return [Objection(code="too_short", severity="deny")] if short else []
"""
MANIFEST = """id = "reviewer"
title_zh = "把关"
title_en = "reviewer"
version = "1.0.0"
criticality = "optional"
api = "2"
scope = "unit"
hooks = ["review_plan"]
"""


async def test_a_plan_a_plugin_denies_waits_for_the_superiors_decision(stage):
    folder = stage.settings.plugins_dir / "reviewer"
    folder.mkdir()
    (folder / "__init__.py").write_text(REVIEWER, "utf-8")
    (folder / "plugin.toml").write_text(MANIFEST, "utf-8")
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    body = {"by": "sup", "choice": "drop", "reason": SEALED}
    async with stage.workers():
        with pytest.raises(CommandRefused) as refused:
            await stage.gateway.open(scenario.opening().model_copy(update={"plugins": None}))
        assert refused.value.reasons[0].facts["plugins"] == ["reviewer"]
        await stage.gateway.submit(scenario.cycle, "decide_plan", body, command_id="d")
        await kinds(stage, scenario.cycle, "PlanPinned")

    plan = stage.ledger.read(stream=f"cycle/{scenario.cycle}")[-1].event.data["plan"]
    assert [(c["code"], c["detail"]) for c in plan["conflicts"]] == [
        ("review_denied", "too_short")
    ]


async def test_a_plan_waits_while_the_file_of_plugins_cannot_be_read(stage):
    stage.settings.scopes_path.write_text("[unit", "utf-8")
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    async with stage.workers():
        opened = asyncio.create_task(stage.gateway.open(scenario.opening()))
        await asyncio.sleep(2)
        assert not opened.done()
        stage.settings.scopes_path.unlink()
        await opened
        found = await kinds(stage, scenario.cycle, "PlanPinned")

    assert "PlanBlocked" not in found


async def test_a_plan_is_composed_again_on_a_running_cycle(stage):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    opening = scenario.opening().model_copy(update={"plugins": ()})
    async with stage.workers():
        await stage.gateway.open(opening)
        await stage.gateway.submit(
            scenario.cycle, "replan", {"by": "m01", "reason": SEALED}, command_id="r"
        )
        async with asyncio.timeout(20):
            while (await kinds(stage, scenario.cycle, "ReplanOrdered")).count("PlanPinned") < 2:
                await asyncio.sleep(0.05)
        await stage.gateway.submit(
            scenario.cycle, "file_plan", {"by": "m01", "content": SEALED}, command_id="f"
        )

    assert stage.ledger.verify().ok


LATE = """
from engine import PlanContext, StepContribution, hookimpl

@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    return [
        StepContribution(id="latecomer.early", anchor="plan", side="before", shape="evidence"),
        StepContribution(id="latecomer.ahead", anchor="lists", side="after", shape="evidence"),
    ]
"""


async def test_a_plan_composed_again_takes_in_only_what_still_lies_ahead(stage):
    scenario = NANZHANG.named(f"t-{uuid4().hex[:8]}")
    opening = scenario.opening().model_copy(update={"plugins": ("latecomer",)})
    async with stage.workers(host=False):
        await stage.gateway.open(opening)
        await stage.gateway.submit(
            scenario.cycle, "file_plan", {"by": "m01", "content": SEALED}, command_id="f"
        )
        folder = stage.settings.plugins_dir / "latecomer"
        folder.mkdir()
        (folder / "__init__.py").write_text(LATE, "utf-8")
        manifest = MANIFEST.replace("reviewer", "latecomer").replace(
            "review_plan", "contribute_steps"
        )
        (folder / "plugin.toml").write_text(manifest, "utf-8")
        async with host_worker(stage.client, stage.settings):
            await stage.gateway.submit(
                scenario.cycle, "replan", {"by": "m01", "reason": SEALED}, command_id="r"
            )
            async with asyncio.timeout(20):
                while (await kinds(stage, scenario.cycle, "PlanPinned")).count(
                    "PlanPinned"
                ) < 2:
                    await asyncio.sleep(0.05)

    plan = stage.ledger.read(stream=f"cycle/{scenario.cycle}")[-1].event.data["plan"]
    assert [s["id"] for s in plan["steps"] if s["origin"] == "local"] == ["latecomer.ahead"]
    assert [(c["code"], c["plugin"], c["step"]) for c in plan["conflicts"]] == [
        ("slot_reached", "latecomer", "latecomer.early")
    ]
