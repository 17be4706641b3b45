"""A plugin that takes its host along is asked alone from then on; its neighbours stay."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine.host import Host, discover, listing, roster

from .samples import CONTEXT, GOOD, HOOK, call, write_plugin

A_HOST = """
import sys
from pathlib import Path
from host.samples import call
from engine.host import Host, discover
folder = Path(sys.argv[1])
host = Host(discover(folder, None), seen=folder / "seen.json")
host.load_all()
for name in sys.argv[2:]:
    host.invoke(call(name))
"""
DEADLY = {
    "on_import": "import os; os._exit(3)",
    "on_call": HOOK + "    import ctypes; ctypes.string_at(0)",
}


def run_a_host(folder, *names: str) -> int:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(["tests", "."])}
    done = subprocess.run(
        [sys.executable, "-c", A_HOST, str(folder), *names], env=env, capture_output=True
    )
    return done.returncode


def host_of(folder) -> Host:
    return Host(discover(folder, None), seen=folder / "seen.json")


@pytest.mark.parametrize("name", DEADLY)
def test_a_host_that_died_of_a_plugin_lives_once_it_is_started_again(tmp_path, name):
    write_plugin(tmp_path, name, DEADLY[name])
    write_plugin(tmp_path, "well", GOOD)

    assert run_a_host(tmp_path, name) != 0
    assert run_a_host(tmp_path, name) == 0

    host = host_of(tmp_path)
    host.load_all()
    answers = {
        c.plugin: host.invoke(c) for c in roster(discover(tmp_path, None)).calls(CONTEXT)
    }
    rows = {row.id: row for row in listing(tmp_path, None, seen=tmp_path / "seen.json")}

    assert (answers["well"].ok, answers[name].error_code) == (True, "worker_absent")
    assert (rows["well"].status, rows[name].status) == ("loaded", "failed")
    assert "ended the host's process" in str(rows[name].error)


def test_a_mended_plugin_is_another_one(tmp_path):
    write_plugin(tmp_path, "on_call", DEADLY["on_call"])
    run_a_host(tmp_path, "on_call")
    (tmp_path / "on_call" / "__init__.py").write_text(
        GOOD.replace("{name}", "on_call"), "utf-8"
    )

    assert [row.status for row in host_of(tmp_path).load_all()] == ["loaded"]


def test_one_suspected_wrongly_is_let_in_again_when_it_answers(tmp_path):
    write_plugin(tmp_path, "well", GOOD)
    digest = discover(tmp_path, None)[0].digest
    (tmp_path / "seen.running").mkdir()
    (tmp_path / "seen.running" / f"well-{digest[:16]}@1.running").touch()
    host = host_of(tmp_path)

    assert host.load_all()[0].status == "failed"
    assert host.invoke(call("well")).ok
    assert host.load_all()[0].status == "loaded"
    assert list((tmp_path / "seen.running").iterdir()) == []
