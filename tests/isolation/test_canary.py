"""A secret of a plugin's configuration is in its process and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from isolation.conftest import add
from temporalio.client import WorkflowHistory

from workflows.gateway import workflow_id

ROOT = Path(__file__).parents[2]
CANARY = "s3cr3t7f0e1d"
CONFIG = """
[unit.u1.config.{name}]
token = {{ {how} }}
"""
MODEL = """from pydantic import BaseModel

class Config(BaseModel):
    token: str

"""
SPILLS = {
    "prints": "    print('token', ctx.config['token'])\n"
    "    print('token', ctx.config['token'], file=sys.stderr)\n",
    "logs": "    import structlog, logging\n"
    "    structlog.get_logger().warning('used', token=ctx.config['token'])\n"
    "    logging.getLogger('x').warning('used %s', ctx.config['token'])\n",
    "raises": "    raise RuntimeError(ctx.config['token'])\n",
    "answers": "    return [StepContribution(id='answers.s', anchor='study', side='after',\n"
    "        shape='evidence', after=('x.' + ctx.config['token'],))]\n",
}
COMMANDS = (
    ("plugins", "list", "-o", "json"), ("plugins", "list"), ("plugins", "info", "prints"),
    ("plan", "explain", "CYCLE"), ("plan", "explain", "CYCLE", "-o", "json"),
    ("cycle", "show", "CYCLE"), ("cycle", "history", "CYCLE"),
    ("plan", "compose", "--unit", "u1"),
)  # fmt: skip


def spill(plugins, name, body) -> None:
    place = add(plugins, name, body)
    code = (place / "__init__.py").read_text("utf-8")
    (place / "__init__.py").write_text(MODEL + code, "utf-8")
    manifest = place / "plugin.toml"
    manifest.write_text(manifest.read_text("utf-8") + 'config = "Config"\n', "utf-8")


def said(lived, cycle) -> bytes:
    """Everything these commands print."""
    names = ("temporal_address", "data_dir", "plugins_dir", "plugins_file")
    told = {f"TAIZHANG_{n.upper()}": str(getattr(lived.settings, n)) for n in names}
    found = b""
    for words in COMMANDS:
        asked = [cycle if word == "CYCLE" else word for word in words]
        done = subprocess.run(
            [sys.executable, "-m", "workflows.main", *asked], cwd=ROOT,
            capture_output=True, env={**os.environ, **told},
        )  # fmt: skip
        found += done.stdout + done.stderr
    return found


async def test_no_history_log_database_or_command_holds_it(
    house, plugins, tmp_path, monkeypatch
):
    monkeypatch.setenv("CANARY", CANARY)
    (tmp_path / "secret").write_text(CANARY, "utf-8")
    hows = ('env = "CANARY"', f'file = "{tmp_path / "secret"}"')
    scopes = ""
    for number, (name, body) in enumerate(SPILLS.items()):
        spill(plugins, name, body)
        scopes += CONFIG.format(name=name, how=hows[number % 2])
    (tmp_path / "plugins.toml").write_text(scopes, "utf-8")
    async with house() as lived:
        cycle, _ = await lived.open()
        local, conflicts = await lived.planned(cycle)
        handle = lived.client.get_workflow_handle(workflow_id(cycle))
        history = (await handle.fetch_history()).to_json()
        printed = said(lived, cycle)

    assert local == ["logs.s", "prints.s"]
    assert conflicts == {"raises": "plugin_failed", "answers": "invalid_contribution"}
    assert WorkflowHistory.from_json("c", history).events
    assert "prints" in printed.decode()
    assert CANARY not in history + printed.decode("utf-8", "replace")
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {"host.log", "worker.log", "ledger.db", "temporal.db"} <= {p.name for p in kept}
    assert not [path.name for path in kept if CANARY.encode() in path.read_bytes()]
    assert "(secret)" in (tmp_path / "data" / "host.log").read_text("utf-8")


@pytest.mark.parametrize("line", ["tokem = 1", "token = 1"])
async def test_a_key_or_value_that_does_not_fit_is_named_before_a_cycle_meets_it(
    plugins, tmp_path, line
):
    spill(plugins, "prints", "")
    file = tmp_path / "plugins.toml"
    file.write_text(f"[province.config.prints]\n{line}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", "plan", "check", "--unit", "u1",
         "--roster", str(file)],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "TAIZHANG_PLUGINS_DIR": str(plugins)},
    )  # fmt: skip

    assert done.returncode == 1
    assert "prints" in done.stderr
    assert line.split(" ")[0] in done.stderr
