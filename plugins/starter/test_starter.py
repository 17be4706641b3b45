"""The step stands where it should, holds the meeting, and is done when it is recorded."""

from __future__ import annotations

from engine.testing import CAST, assert_contract, plan_context

from . import STEP, contribute_steps


def test_it_keeps_the_contract(plugin_folder):
    assert_contract(plugin_folder)


def test_the_step_comes_after_the_opinions(cycle_without_server):
    cycle = cycle_without_server.open()
    steps = [step.id for step in cycle.plan.steps]

    assert steps[steps.index("opinions") + 1] == STEP


def test_the_meeting_waits_until_it_is_recorded(cycle_without_server):
    cycle = cycle_without_server.open()
    cycle.prepare()
    assert cycle.gates == {STEP: (STEP,)}

    cycle.do("record_step", by="recorder", step=STEP, evidence={"text": "走访三户"})
    cycle.convene()
    assert cycle.state.status == "convened"


def test_only_the_recorder_records_it(cycle_without_server):
    cycle = cycle_without_server.open()
    cycle.prepare()
    refused = cycle.refused("record_step", by="archivist", step=STEP, evidence={"text": "x"})

    assert list(refused) == ["not_permitted"]


def test_a_unit_without_a_recorder_has_no_such_step():
    assert contribute_steps(plan_context(CAST[:1])) == []
