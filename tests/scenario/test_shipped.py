"""Every plugin that ships is played in a scenario that ships; so is the folder to copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.scenario.acts import Errand
from engine.scenario.load import find, load

ROOT = Path(__file__).parents[2]
PLUGINS = {folder.parent.name for folder in ROOT.glob("plugins/*/plugin.toml")}


def played(scenario):
    """The plugins that ``scenario`` plans with, or runs a command of."""
    planned = {plugin for unit in scenario.units for plugin in unit.plugins}
    return planned | {act.plugin for act in scenario.acts if isinstance(act, Errand)}


def test_every_shipped_plugin_is_played_somewhere():
    files = [f for f in find("starter").parent.glob("*.yaml") if f.stem != "hubei"]

    assert set().union(*(played(load(file)) for file in files)) == PLUGINS


def test_the_folder_to_copy_is_played_on_a_server(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", "demo", "starter", "--json", tmp_path / "s"],
        capture_output=True, text=True, env={**os.environ, "TAIZHANG_DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

    told = json.loads((tmp_path / "s").read_text("utf-8"))
    assert told["status"] == "convened"
    assert told["verify"]["ok"]
    (refusal,) = told["refusals"]
    assert (refusal["command"], refusal["facts"][0]["gate"]) == (
        "open_meeting",
        "starter.visit",
    )
