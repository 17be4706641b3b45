"""A bad plugin costs only itself."""

from __future__ import annotations

import pytest

from datetime import UTC, datetime

from engine.host.host import Host
from engine.host.manifest import discover, roster
from engine.plan.calls import HookCall, HookEnvelope, collect
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext

CONTEXT = PlanContext(
    cycle="c",
    unit="u",
    core_steps=CORE_STEPS,
    people=(),
    opened_at=datetime(2021, 7, 1, tzinfo=UTC),
)
MANIFEST = """
id = "{name}"
version = "1.0"
api = "1"
hooks = ["contribute_steps"]
title_zh = "测试"
title_en = "test"
"""
GOOD = """
from engine import StepContribution, hookimpl

@hookimpl
def contribute_steps(ctx):
    return [StepContribution(id="{name}.s", anchor="study", side="after", shape="evidence")]
"""
HEAD = "from engine import StepContribution, hookimpl\n@hookimpl\n"
BAD = {
    "raises": (
        HEAD + "def contribute_steps(ctx):\n    raise ValueError('S3CRET')",
        "plugin_failed",
    ),
    "import_error": ("import nowhere_at_all", "plugin_failed"),
    "syntax_error": ("def (", "plugin_failed"),
    "exits": ("raise SystemExit(3)", "plugin_failed"),
    "exits_late": (HEAD + "def contribute_steps(ctx):\n    raise SystemExit", "plugin_failed"),
    "misspelt": (HEAD + "def contribute_step(ctx):\n    return []", "plugin_failed"),
    "signature": (HEAD + "def contribute_steps(context):\n    return []", "plugin_failed"),
    "wrong_type": (HEAD + "def contribute_steps(ctx):\n    return 7", "invalid_contribution"),
    "wrong_item": (
        HEAD + "def contribute_steps(ctx):\n    return [{'id': 'x'}]",
        "invalid_contribution",
    ),
    "huge": (
        HEAD + "def contribute_steps(ctx):\n    return [StepContribution(id=f'huge.s{n}', "
        "anchor='study', side='after', shape='evidence') for n in range(5000)]",
        "invalid_contribution",
    ),
    "async_def": (
        HEAD + "async def contribute_steps(ctx):\n    return []",
        "invalid_contribution",
    ),
    "hangs": (
        "import threading\n"
        + HEAD
        + "def contribute_steps(ctx):\n    threading.Event().wait()",
        "contribution_timeout",
    ),
}


def plugin(folder, name: str, code: str, manifest: str = MANIFEST):
    place = folder / name
    place.mkdir()
    (place / "__init__.py").write_text(code.replace("{name}", name), "utf-8")
    (place / "plugin.toml").write_text(manifest.format(name=name), "utf-8")


def ask(folder, name: str) -> HookEnvelope:
    host = Host(discover(folder, None), timeout_s=0.3)
    return host.invoke(HookCall(hook="contribute_steps", plugin=name, context=CONTEXT))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_gives_a_well_shaped_reason_and_its_neighbour_its_step(tmp_path, name):
    code, trouble = BAD[name]
    plugin(tmp_path, name, code)
    plugin(tmp_path, "good", GOOD)
    bad, good = ask(tmp_path, name), ask(tmp_path, "good")

    assert bad.error_code == trouble
    assert "S3CRET" not in bad.model_dump_json()
    assert [s["id"] for s in good.result or ()] == ["good.s"]

    plan = merge(collect(roster(discover(tmp_path, None)), (bad, good)))
    assert [c.code for c in plan.conflicts] == [trouble]
    assert plan.step("good.s").plugin == "good"


def test_a_misspelt_hook_is_answered_with_the_nearest_name(tmp_path):
    plugin(tmp_path, "misspelt", BAD["misspelt"][0])

    assert "did you mean 'contribute_steps'?" in str(ask(tmp_path, "misspelt").error)


def test_finding_plugins_imports_none(tmp_path):
    sentinel = tmp_path / "imported"
    plugin(tmp_path, "noisy", f"open({str(sentinel)!r}, 'w').close()")

    assert [f.id for f in discover(tmp_path, None)] == ["noisy"]
    assert not sentinel.exists()


def test_a_broken_manifest_is_listed_with_every_reason(tmp_path):
    plugin(tmp_path, "broken", GOOD, manifest='id = "{name}"\napi = "9"')
    found = discover(tmp_path, None)[0]

    assert found.manifest is None
    assert "version" in str(found.error)
    assert "api" in str(found.error)


def test_safe_mode_and_the_allow_list_leave_plugins_out(tmp_path):
    plugin(tmp_path, "a", GOOD)
    plugin(tmp_path, "b", GOOD)

    assert discover(tmp_path, frozenset()) == ()
    assert [f.id for f in discover(tmp_path, frozenset({"b"}))] == ["b"]


def test_a_changed_plugin_has_another_digest(tmp_path):
    plugin(tmp_path, "a", GOOD)
    before = discover(tmp_path, None)[0].digest
    (tmp_path / "a" / "__init__.py").write_text("# changed", "utf-8")

    assert discover(tmp_path, None)[0].digest != before
