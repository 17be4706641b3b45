"""A unit's own worker: its own queue, its own virtual environment, its own plugins."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from rehearsal import NANZHANG
from stack import Running

from engine.scenario.acts import Act
from engine.scenario.load import load
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault

ROOT = Path(__file__).parents[2]
LIGHTS = Path(__file__).parent / "lights.yaml"
UNIT = NANZHANG.opening().unit
MANIFEST = """id = "{name}"
version = "1.0"
api = "2"
criticality = "required"
hooks = ["contribute_steps"]
title_zh = "纸"
title_en = "paper"
"""
STEPS = """import paper
from engine import PlanContext, StepContribution, hookimpl

@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    assert paper.VERSION == {version}
    return [StepContribution(
        id="{name}.read", anchor="study", side="after", shape="evidence"
    )]
"""


def environment(folder: Path, version: int) -> Path:
    """Return the Python of a new environment: ours, and ``paper`` in that version."""
    venv.create(folder, with_pip=False)
    place = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    ours = sysconfig.get_path("purelib")
    (place / "ours.pth").write_text(f"{ROOT}\n{ours}\n", "utf-8")
    wheel = folder / f"paper-{version}-py3-none-any.whl"
    info = f"paper-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("paper.py", f"VERSION = {version}\n")
        packed.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: paper\nVersion: {version}\n"
        )
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps",
         "--target", str(place), str(wheel)], check=True,
    )  # fmt: skip
    return folder / "bin" / "python"


def write_plugin(folder: Path, name: str, version: int) -> None:
    place = folder / name
    place.mkdir(parents=True)
    code = STEPS.replace("{name}", name).replace("{version}", str(version))
    (place / "__init__.py").write_text(code, "utf-8")
    (place / "plugin.toml").write_text(MANIFEST.replace("{name}", name), "utf-8")


@pytest.fixture
def stage(server, tmp_path):
    """A core worker without a host; ``new`` is everybody's, ``old`` the unit's own."""
    write_plugin(tmp_path / "plugins", "old", 1)
    write_plugin(tmp_path / "plugins", "new", 2)
    (tmp_path / "plugins.toml").write_text(f'[unit.{UNIT}]\nown = ["old"]\n', "utf-8")
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(
        task_queue=queue, plugin_task_queue=f"{queue}-p", plugin_wait_s=1,
        plugins_dir=tmp_path / "plugins", plugins_file=tmp_path / "plugins.toml",
        temporal_address=server.client.service_client.config.target_host,
        payload_keys=server.client.data_converter.payload_codec.keyring.folder,
    )  # fmt: skip
    return Running(server.client, settings)


@asynccontextmanager
async def plugin_worker(python: Path, settings: Settings, *words: str):
    """The command that runs plugins, by that Python, in a process of its own."""
    told = settings.model_dump(include={
        "plugin_task_queue", "plugins_dir", "plugins_file", "temporal_address", "payload_keys",
    })  # fmt: skip
    place = python.parent / "data"
    place.mkdir()
    process = await asyncio.create_subprocess_exec(
        str(python), "-m", "workflows.main", *words, cwd=ROOT,
        env={
            **os.environ, **{f"TAIZHANG_{k.upper()}": str(v) for k, v in told.items()},
            "TAIZHANG_DATA_DIR": str(place),
        },
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def kinds(stage, cycle, wanted):
    """The kinds of the cycle's events once ``wanted`` is among them."""
    async with asyncio.timeout(60):
        while True:
            found = [r.event.kind for r in stage.ledger.read(stream=f"cycle/{cycle}")]
            if wanted in found:
                return found
            await asyncio.sleep(0.05)


async def opened(stage, scenario):
    opening = scenario.opening().model_copy(update={"plugins": None})
    return asyncio.create_task(stage.gateway.open(opening))


def local_steps(stage, cycle):
    (plan,) = (
        r.event.data["plan"]
        for r in stage.ledger.read(stream=f"cycle/{cycle}")
        if r.event.kind == "PlanPinned"
    )
    return [s["id"] for s in plan["steps"] if s["origin"] == "local"], plan["conflicts"]


class Opened:
    """A gateway to a cycle that is open already."""

    def __init__(self, gateway):
        self.submit = gateway.submit

    async def open(self, opening):
        pass


def with_their_steps(name):
    """A short cycle of the unit, with what both plugins add done before the meeting."""
    script = load(LIGHTS).named(name)
    (unit,) = script.units
    acts = list(script.acts)
    opens = next(n for n, act in enumerate(acts) if act.do == "open_meeting")
    for step in ("new.read", "old.read"):
        body = {"step": step, "evidence": {"text": "记录"}}
        acts.insert(opens, Act.model_validate({"do": "record_step", "by": "com", "with": body}))
    local = unit.model_copy(update={"unit": UNIT, "plugins": ("new", "old")})
    return script.model_copy(update={"units": (local,), "acts": tuple(acts)})


async def test_two_versions_of_one_library_serve_one_cycle_from_two_environments(
    stage, tmp_path
):
    script = with_their_steps(name := f"t-{uuid4().hex[:8]}")
    first = await asyncio.to_thread(environment, tmp_path / "env1", 1)
    second = await asyncio.to_thread(environment, tmp_path / "env2", 2)
    async with stage.workers(host=False), plugin_worker(second, stage.settings, "host"):
        task = asyncio.create_task(stage.gateway.open(script.opening()))
        blocked = await kinds(stage, name, "PlanBlocked")
        async with plugin_worker(first, stage.settings, "worker", "--plugins", UNIT):
            await kinds(stage, name, "PlanPinned")
        await asyncio.gather(task, return_exceptions=True)
        await play(
            script,
            Opened(stage.gateway),
            InMemoryVault(),
            told=lambda _: None,
            limit_bytes=16384,
        )
        held = await kinds(stage, name, "MeetingClosed")

    assert "PlanPinned" not in blocked
    assert local_steps(stage, name) == (["new.read", "old.read"], [])
    assert held.count("StepRecorded") >= 2


async def test_a_unit_without_plugins_of_its_own_needs_no_worker(stage, tmp_path):
    python = await asyncio.to_thread(environment, tmp_path / "env", 2)
    async with plugin_worker(python, stage.settings, "worker", "--plugins", "none") as process:
        assert await process.wait() == 2
