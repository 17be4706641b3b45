"""A host that looks for nothing, a cycle without a server: what an author tests with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from host.samples import GOOD, HOOK, write_plugin

from engine.gateway import CommandRefused
from engine.policy.roles import Role
from engine.testing import CAST, CycleWithoutServer, PluginHost, plan_context

OPEN_DOOR = Path(__file__).parents[2] / "plugins" / "open_door"
SPEECHES = "open_door.speeches"


@pytest.fixture
def cycle():
    return CycleWithoutServer(PluginHost(OPEN_DOOR)).open()


def test_everybody_a_rule_may_ask_for_is_in_the_cast():
    assert {role for person in CAST for role in person.roles} == set(get_args(Role))


def test_a_host_has_the_folders_it_is_given_and_no_other(tmp_path):
    for name in ("one", "two", "three"):
        write_plugin(tmp_path, name, GOOD)
    host = PluginHost(tmp_path / "two", tmp_path / "one")

    assert [(row.id, row.status) for row in host.health()] == [
        ("two", "loaded"),
        ("one", "loaded"),
    ]
    local = [s.id for s in host.plan(plan_context()).steps if s.origin == "local"]
    assert local == ["one.s", "two.s"]


def test_one_hook_is_asked_alone(tmp_path):
    write_plugin(tmp_path, "failing", HOOK + "    return 1 / 0")
    host = PluginHost(tmp_path / "failing")
    answer = host.ask("contribute_steps", plan_context())

    assert (answer.ok, answer.error) == (False, "ZeroDivisionError, __init__.py line 4")
    assert [c.code for c in host.plan(plan_context()).conflicts] == ["plugin_failed"]


def test_a_broken_manifest_leaves_the_prescribed_plan_with_the_reason(tmp_path):
    write_plugin(tmp_path, "broken", "", manifest="id = 1")
    cycle = CycleWithoutServer(PluginHost(tmp_path / "broken")).open()

    assert cycle.local_steps() == ()
    assert [c.code for c in cycle.plan.conflicts] == ["plugin_failed"]


def test_the_plan_has_the_plugins_steps_and_says_why(cycle):
    rows = {row.step: row for row in cycle.explained("en")}

    assert [step.id for step in cycle.local_steps()] == ["open_door.invitations", SPEECHES]
    assert rows[SPEECHES].slot == "after:mutual_criticism"
    assert rows[SPEECHES].participants == ("guest_1", "guest_2")


def test_a_refusal_has_every_reason_with_its_facts(cycle):
    reasons = cycle.refused("accept_filing", by="secretary")

    assert set(reasons) == {"not_permitted", "wrong_status"}
    assert reasons["not_permitted"].facts["person"] == "secretary"


def test_what_is_permitted_is_not_refused_and_the_test_hears_it(cycle):
    with pytest.raises(AssertionError, match="file_plan was not refused; it caused PlanFiled"):
        cycle.refused("file_plan", by="secretary", content={"text": "方案"})


def test_only_local_steps_keep_a_prepared_cycle_from_its_meeting(cycle):
    cycle.prepare()

    assert cycle.gates == {"open_door.invitations": ("open_door.invitations",)}


def test_the_meeting_waits_for_a_local_item_and_goes_on_behind_it(cycle):
    cycle.prepare()
    cycle.do(
        "record_step", by="secretary", step="open_door.invitations", evidence={"text": "已邀请"}
    )
    cycle.convene()
    cycle.reach(SPEECHES)
    with pytest.raises(CommandRefused, match="guest_1"):
        cycle.reach("summary")

    for guest in ("guest_1", "guest_2"):
        cycle.do("check_in_guest", by="recorder", guest=guest)
        cycle.do("record_speech", by="recorder", guest=guest, content={"text": "发言"})
    cycle.reach("summary")
    assert cycle.state.meeting.item == "summary"


def test_days_pass_and_what_is_due_happens(cycle):
    before = cycle.now
    cycle.pass_days(3)

    assert (cycle.now - before).days == 3


def test_a_unit_that_asks_for_no_plugin_has_none():
    cycle = CycleWithoutServer(PluginHost(OPEN_DOOR)).open(plugins=())

    assert cycle.local_steps() == ()


def test_a_cycle_may_have_people_and_fields_of_its_own():
    cycle = CycleWithoutServer(PluginHost(OPEN_DOOR)).open(CAST[:4], books=("book-1",))

    assert cycle.local_steps() == ()
    assert cycle.state.books == ("book-1",)
    with pytest.raises(LookupError, match="nobody is superior_officer"):
        cycle.prepare()


def test_the_kit_draws_in_neither_pytest_nor_temporal_before_they_are_asked_for():
    heavy = "{'pytest', 'temporalio'} & {*sys.modules}"

    def loaded(module):
        code = f"import sys, {module}; print(*sorted({heavy}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return done.stdout.split()

    assert loaded("engine.testing") == []
    assert loaded("engine.testing.fixtures") == loaded("workflows.testing") == ["pytest"]
