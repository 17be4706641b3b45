"""Tiny plugins, written where a test wants them."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.host import Host, discover
from engine.plan.calls import HookCall, HookEnvelope
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.policy.roles import Person

CONTEXT = PlanContext(
    cycle="c",
    unit="u",
    opened_at=datetime(2021, 7, 1, tzinfo=UTC),
    core_steps=CORE_STEPS,
    people=(Person(id="m01", roles=("member",)),),
)
MANIFEST = """
id = "{name}"
version = "1.0"
api = "1"
hooks = ["contribute_steps"]
title_zh = "测试"
title_en = "test"
"""
HOOK = (
    "from engine import Invitation, StepContribution, hookimpl\n"
    "@hookimpl\n"
    "def contribute_steps(ctx):\n"
)
GOOD = (
    HOOK + "    return [StepContribution(id='{name}.s', anchor='study', side='after', "
    "shape='evidence')]"
)


def write_plugin(folder, name: str, code: str, *, manifest: str = MANIFEST) -> None:
    place = folder / name
    place.mkdir()
    (place / "__init__.py").write_text(code.replace("{name}", name), "utf-8")
    (place / "plugin.toml").write_text(manifest.replace("{name}", name), "utf-8")


def call(name: str, hook: str = "contribute_steps") -> HookCall:
    return HookCall(hook=hook, plugin=name, context=CONTEXT)


def ask(folder, name: str) -> HookEnvelope:
    return Host(discover(folder, None)).invoke(call(name))
