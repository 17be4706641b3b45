"""What one unit adds is nothing to another: not called, not listed, not in its plan."""

from __future__ import annotations

import json

from isolation.conftest import add

FILE = """[province]
required = ["imposed"]

[unit.u1]
on = ["local"]

[unit.u2]
off = ["imposed"]
"""


def calls(lived, plugin):
    """The cycles for which the host called a plugin, as its log has it."""
    lines = [json.loads(line) for line in lived.log("host").splitlines() if "{" in line]
    return {
        line["cycle"] for line in lines
        if line.get("event") == "hook_called" and line["plugin"] == plugin
        and line["hook"] == "contribute_steps"
    }  # fmt: skip


async def test_a_units_plugin_is_called_for_its_cycles_alone(house, plugins, tmp_path):
    add(plugins, "local")
    add(plugins, "imposed")
    (tmp_path / "plugins.toml").write_text(FILE, "utf-8")
    async with house() as lived:
        first, _ = await lived.open("u1")
        second, _ = await lived.open("u2")
        assert await lived.planned(first) == (["imposed.s", "local.s"], {})
        assert await lived.planned(second) == (["imposed.s"], {})

        assert calls(lived, "local") == {first}
        assert calls(lived, "imposed") == {first, second}
        told = json.dumps([event.model_dump(mode="json") for event in lived.events(second)])
        assert "local" not in told.replace('"origin": "local"', "")
