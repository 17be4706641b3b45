"""Plugins asked without a server: whatever one does to its process, the others answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from host.samples import GOOD, HOOK, call, write_plugin
from rehearsal import NANZHANG

from engine.host.apart import answers
from engine.host.compose import Composer

NOW = datetime(2026, 1, 5, tzinfo=UTC)
BAD = {
    "exits": HOOK + "    import os; os._exit(3)",
    "crashes": HOOK + "    import ctypes; ctypes.string_at(0)",
    "raises": HOOK + "    raise RuntimeError('S3CRET')",
    "prints": HOOK + "    print('[]'); return []",
    "forges": HOOK
    + """    import os
    print('[{"hook": "contribute_steps", "plugin": "good", "ok": true, "result": []}]')
    os.sys.stdout.flush()
    os._exit(0)""",
    "leaves": "raise SystemExit(0)",
}


LOST = {"exits", "crashes", "forges", "raises", "leaves"}


@pytest.fixture
def folder(tmp_path):
    write_plugin(tmp_path, "good", GOOD)
    for name, code in BAD.items():
        write_plugin(tmp_path, name, code)
    return tmp_path


def test_a_plugin_that_kills_its_process_costs_only_itself(folder):
    found = {e.plugin: e for e in answers(folder, [call(n) for n in ("good", *BAD)])}

    assert found["good"].ok
    assert found["prints"].ok
    assert {n: found[n].error_code for n in LOST} == {
        "exits": "worker_absent", "crashes": "worker_absent",
        "forges": "worker_absent",
        "raises": "plugin_failed", "leaves": "plugin_failed",
    }  # fmt: skip
    assert "S3CRET" not in json.dumps([e.model_dump(mode="json") for e in found.values()])


def test_the_plan_is_composed_of_those_that_answered_and_names_the_others(folder):
    opening = NANZHANG.opening().model_copy(update={"plugins": None})
    composer = Composer(opening, folder, None, now=NOW)
    plan = composer.plan()

    assert [s.id for s in plan.steps if s.origin == "local"] == ["good.s"]
    assert {c.plugin for c in plan.conflicts} == {
        "exits",
        "crashes",
        "forges",
        "raises",
        "leaves",
    }
    assert set(composer.shuffled(500)) == {plan.digest}


def test_a_wanted_plugin_that_is_not_there_is_in_the_conflicts(tmp_path):
    opening = NANZHANG.opening().model_copy(update={"plugins": ("open_door",)})

    assert [c.plugin for c in Composer(opening, tmp_path, None, now=NOW).plan().conflicts] == [
        "open_door"
    ]
