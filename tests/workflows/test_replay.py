"""Replay is sacred: recorded histories still run, with no plugin and no cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from workflows.converter import CONVERTER
from workflows.cycle import CycleWorkflow
from workflows.replaying import replay
from workflows.shapes import CYCLE_WORKFLOW, CycleEnd, CycleStart

FOLDER = Path(__file__).parent / "histories"
ROOT = Path(__file__).parents[2]
HISTORIES = sorted(FOLDER.glob("*.json"))
PLAIN = next(path for path in HISTORIES if "plain" in path.name)
STORIES = {
    "plain", "refused", "halted-and-rerun", "continued-as-new", "lit", "campaign",
    "campaign-carried", "retention", "vouched", "not-vouched", "campaign-vouched", "reviewed",
    "rights", "pairs-rights", "edition-2-rights", "edition-3-rights",
}  # fmt: skip


def test_there_is_a_history_of_every_story():
    assert {s for s in STORIES if any(s in path.name for path in HISTORIES)} == STORIES


def test_every_recorded_history_replays():
    assert [r.error for r in replay(HISTORIES)] == [""] * len(HISTORIES)


def test_a_file_that_is_no_history_is_said_so(tmp_path):
    wrong = tmp_path / "x.json"
    wrong.write_text("{")

    assert replay([wrong])[0].error


@workflow.defn(name=CYCLE_WORKFLOW)
class Edited(CycleWorkflow):
    """Today's workflow with one timer more, as a careless change would make it."""

    @workflow.init
    def __init__(self, start: CycleStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CycleStart) -> CycleEnd:
        await workflow.sleep(1)
        return await super().run(start)


async def test_a_careless_change_fails_the_replay():
    replayer = Replayer(
        workflows=[Edited],
        data_converter=CONVERTER,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    history = WorkflowHistory.from_json("plain", PLAIN.read_text("utf-8"))
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)

    assert "Nondeterminism" in str(result.replay_failure)


NO_PLUGIN = """
class Gone:
    def find_spec(self, name, path=None, target=None):
        room = name.partition(".")[0]
        if room in GONE or room.startswith("taizhang_plugin_"):
            raise ImportError(f"{name} was imported")
sys.meta_path.insert(0, Gone())
"""
PLUGINS = {folder.parent.name for folder in ROOT.glob("plugins/*/plugin.toml")}


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_replay_does_not_depend_on_the_hash_seed_nor_on_plugins(seed):
    code = (
        f"import sys; GONE = {sorted(PLUGINS | {'plugins'})}\n{NO_PLUGIN}"
        "from pathlib import Path; from workflows.replaying import replay\n"
        "bad = [r for r in replay([Path(a) for a in sys.argv[1:]]) if r.error]\n"
        "print(bad); sys.exit(bool(bad))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, HISTORIES)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TAIZHANG_PLUGINS": ""},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
