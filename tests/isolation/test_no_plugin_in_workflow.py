"""The process that runs workflows imports no plugin, and replaying imports none either."""

from __future__ import annotations

import os

from isolation.conftest import add

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
