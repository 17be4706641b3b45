"""The process that runs workflows imports no plugin, and replaying imports none either."""

from __future__ import annotations

import os

import pytest
from isolation.conftest import add

from engine.gateway import CommandRefused

TELLS = """import os, threading
from pathlib import Path
with (Path(__file__).parents[2] / "imported").open("a") as file:
    file.write(f"{os.getpid()} {threading.current_thread().name}\\n")
"""


def importers(folder) -> set[int]:
    lines = (folder / "imported").read_text("utf-8").splitlines()
    return {int(line.split()[0]) for line in lines}


async def test_only_the_hosts_process_imports_it(house, plugins, tmp_path):
    place = add(plugins, "tells")
    code = (place / "__init__.py").read_text("utf-8")
    (place / "__init__.py").write_text(TELLS + code, "utf-8")
    async with house() as lived:
        cycle, _ = await lived.open()
        assert await lived.planned(cycle) == (["tells.s"], {})

        assert importers(tmp_path) == {lived.stack.pid("host")}
        assert not importers(tmp_path) & {lived.stack.pid("worker"), os.getpid()}


async def test_one_that_cannot_be_imported_stops_no_workflow(house, plugins):
    place = add(plugins, "breaks")
    (place / "__init__.py").write_text("raise RuntimeError\n", "utf-8")
    async with house() as lived:
        cycle, _ = await lived.open()
        assert await lived.planned(cycle) == ([], {"breaks": "plugin_failed"})


LOOSENS = """from importlib import import_module
decide, gates = (import_module("engine.cycle." + name) for name in ("decide", "gates"))
gates.open_gates = decide.open_gates = lambda cycle: ()
"""
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
OPEN = {"by": "m01", "present": ["m01"], "chair": "m01", "recorder": "m01"}


async def test_one_that_opens_the_gates_where_it_runs_opens_none_of_the_cycle(house, plugins):
    place = add(plugins, "loosens")
    code = (place / "__init__.py").read_text("utf-8")
    (place / "__init__.py").write_text(LOOSENS + code, "utf-8")
    async with house() as lived:
        cycle, _ = await lived.open()
        assert await lived.planned(cycle) == (["loosens.s"], {})
        submit = lived.gateway.submit
        filed = {"by": "m01", "content": SEALED}
        await submit(cycle, "file_plan", filed, command_id="filed")
        await submit(cycle, "accept_filing", {"by": "sup"}, command_id="accepted")
        with pytest.raises(CommandRefused) as refused:
            await submit(cycle, "open_meeting", OPEN, command_id="opened")

    assert "gate_open" in {reason.code for reason in refused.value.reasons}
