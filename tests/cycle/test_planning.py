"""A required plugin blocks the plan until somebody decides; a plan may be composed again."""

from __future__ import annotations

from cycle.stages import NOW, OPEN, PIN, SEALED, after, codes, parse_opening, prepared

from engine.cycle.decide import open_cycle
from engine.cycle.evolve import fold, folded
from engine.cycle.planning import composed
from engine.cycle.waiting import waits_for
from engine.plan.merge import merge
from engine.plan.steps import Conflict, Contribution, StepContribution

FAILED = Contribution(pin=PIN, failure=Conflict(code="worker_absent", plugin=PIN.id))
STEP = StepContribution(id=f"{PIN.id}.more", anchor="study", side="after", shape="evidence")


def planned(state, *contributions, required=(PIN.id,)):
    plan = merge(contributions)
    return fold(state, composed(state, plan, required=required, now=NOW))


def opened():
    return folded(open_cycle(parse_opening({}), now=NOW))


def test_an_optional_plugin_that_fails_is_dropped_and_a_required_one_blocks():
    assert planned(opened(), FAILED, required=()).plan is not None

    state = planned(opened(), FAILED)
    assert (state.plan, state.blocked) == (None, (PIN.id,))
    assert PIN.id in waits_for(state)
    assert codes(state, "file_plan", "m01", content=SEALED) == ["plan_is_blocked"]


def test_the_same_block_is_told_once_however_often_it_is_tried():
    state = planned(opened(), FAILED)

    assert composed(state, merge([FAILED]), required=(PIN.id,), now=NOW) == ()


def test_the_superior_decides_to_go_on_without_it_and_that_is_on_record():
    state = planned(opened(), FAILED)
    assert codes(state, "decide_plan", "m01", choice="drop", reason=SEALED) == ["not_permitted"]
    state = after(state, ("decide_plan", "sup", {"choice": "drop", "reason": SEALED}))
    state = planned(state, FAILED)

    assert state.plan is not None
    assert [c.code for c in state.plan.conflicts] == ["worker_absent"]


def test_a_plugin_that_came_back_is_taken_in():
    state = planned(opened(), FAILED)
    state = planned(state, Contribution(pin=PIN, steps=(STEP,)))

    assert state.plan.step(STEP.id).origin == "local"
    assert state.blocked == ()
    assert codes(state, "decide_plan", "sup", choice="drop", reason=SEALED) == [
        "plan_not_blocked"
    ]


def test_a_plan_composed_again_gates_what_is_new_where_the_cycle_has_not_come_yet():
    state = after(prepared(), ("replan", "m01", {"reason": SEALED}))
    assert state.replanning
    ahead = STEP.model_copy(update={"anchor": "opening", "side": "before"})
    state = planned(state, Contribution(pin=PIN, steps=(ahead,)))

    assert not state.replanning
    assert codes(state, "open_meeting", "m01", present=["m01", "m02", "m03"], chair="m01",
                 recorder="m03") == ["gate_open"]  # fmt: skip
    assert "study" in [s.id for s in state.plan.steps]


def test_a_plan_composed_again_gates_nothing_where_the_cycle_has_come_already():
    state = planned(prepared(), Contribution(pin=PIN, steps=(STEP,)))

    assert [(c.step, c.code) for c in state.plan.conflicts] == [(STEP.id, "slot_reached")]
    assert after(state, OPEN).status == "convened"
