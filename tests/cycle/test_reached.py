"""Which gaps of its plan a cycle has come to, act by act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cycle.stages import (
    MEMBERS,
    NOW,
    OPEN,
    PIN,
    SEALED,
    after,
    closed,
    cycle,
    in_session,
    prepared,
)

from engine.cycle.evolve import fold
from engine.cycle.planning import composed
from engine.cycle.reached import reached
from engine.plan.explain import explain_conflict
from engine.plan.merge import merge
from engine.plan.order import PLACE
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Contribution, StepContribution
from engine.policy.pack import load_pack

TALK = ("confirm_talk", "m01", {"talk": "t", "other": "m02", "held_on": "2021-07-20"})
STUDY = (
    "hold_study", "m02",
    {"form": "collective", "held_on": "2021-07-20", "participants": MEMBERS, "books": ["b1"],
     "evidence": SEALED},
)  # fmt: skip
BATCH = ("close_opinion_batch", "m04", {"batch": "b", "channel": "forum", "opinions": 3})
EXAM = ("submit_self_exam", "m02", {"author": "m02", "content": SEALED})
FILED = ("file_plan", "m01", {"content": SEALED})
RERUN = ("order_rerun", "sup", {"meeting_on": "2021-08-05", "reason": SEALED})
NO_GAPS = load_pack().model_copy(update={"replan_ahead": False})


def before(state):
    """The prescribed steps with a gap before them that is reached; ``end`` is the last."""
    names = (*CORE_STEPS, "end")
    return [names[gap] for gap in sorted(reached(state))]


def until(step):
    return [*CORE_STEPS[: PLACE[step] + 1]]


def offer(*steps):
    """A contribution of steps, each by its name, its anchor and its side."""
    return Contribution(
        pin=PIN,
        steps=tuple(
            StepContribution(id=f"{PIN.id}.{n}", anchor=a, side=side, shape="evidence")
            for n, a, side in steps
        ),
    )


def composed_again(state, *contributions):
    return fold(state, composed(state, merge(contributions), required=(), now=NOW))


def late(state):
    return [
        (c.plugin, c.step, c.detail) for c in state.plan.conflicts if c.code == "slot_reached"
    ]


def local(state):
    return [s.id for s in state.plan.steps if s.origin == "local"]


def test_nothing_is_reached_before_the_plan_is_filed():
    assert before(cycle()) == []


@pytest.mark.parametrize(
    ("acts", "steps"),
    [
        ([FILED], ["plan"]),
        ([FILED, ("accept_filing", "sup", {})], ["plan", "filing"]),
        ([FILED, STUDY], ["plan", "study"]),
        ([FILED, BATCH], ["plan", "opinions"]),
        ([FILED, TALK], ["plan", "talks"]),
        ([FILED, EXAM], ["plan", "self_examination"]),
    ],
)
def test_the_gap_before_a_step_is_reached_with_the_first_that_is_on_record_of_it(acts, steps):
    assert before(after(cycle(), *acts)) == steps


def test_the_meeting_is_one_sitting_and_reached_with_its_opening():
    assert before(prepared()) == until("material_review")
    assert before(after(prepared(), OPEN)) == until("closing")
    assert before(closed()) == until("closing")


def test_a_halted_meeting_is_no_less_reached_and_one_ordered_again_lies_ahead_again():
    halted = after(in_session(), ("halt_cycle", "gg", {"reason": SEALED}))

    assert before(halted) == until("closing")
    assert before(after(halted, RERUN)) == until("material_review")


def test_without_an_evaluation_verdicts_hold_no_gap_open():
    done = after(closed(), ("complete_lists", "m01", {}))

    assert before(done) == [*until("closing"), "verdicts", "lists"]
    assert before(replace(done, evaluation=True)) == [*until("closing"), "lists"]


def test_a_report_that_was_sent_back_lies_ahead_again():
    reported = after(
        closed(), ("complete_lists", "m01", {}), ("submit_report", "m01", {"content": SEALED})
    )
    returned = after(reported, ("return_report", "sup", {"reason": SEALED}))

    assert "situation_report" in before(reported)
    assert "situation_report" not in before(returned)


def test_an_archived_cycle_has_reached_everything():
    archived = after(
        closed(), ("complete_lists", "m01", {}), ("submit_report", "m01", {"content": SEALED}),
        ("accept_report", "sup", {}),
        *(("record_step", "m03", {"step": s, "evidence": SEALED})
          for s in ("publication", "look_back")),
        ("archive_cycle", "arc", {}),
        now=NOW + timedelta(days=1),
    )  # fmt: skip

    assert before(archived) == [*CORE_STEPS, "end"]


def test_a_step_that_comes_too_late_is_left_out_and_named_with_its_plugin():
    state = composed_again(
        prepared(), offer(("early", "plan", "before"), ("late", "closing", "after"))
    )

    assert local(state) == [f"{PIN.id}.late"]
    assert late(state) == [(PIN.id, f"{PIN.id}.early", "before:plan")]
    assert [explain_conflict(c, "en") for c in state.plan.conflicts] == [
        "door.early: the cycle has come this far, here the plan stays as it was pinned"
        " (before:plan) [slot_reached]"
    ]


def test_a_step_that_was_pinned_stays_when_its_plugin_goes_and_that_is_told():
    state = composed_again(
        after(cycle(offer(("s", "plan", "after"), ("t", "lists", "after"))), FILED)
    )
    assert local(state) == []

    state = cycle(offer(("s", "plan", "before"), ("t", "lists", "after")))
    state = composed_again(after(state, FILED))
    assert local(state) == [f"{PIN.id}.s"]
    assert late(state) == [(PIN.id, f"{PIN.id}.s", "before:plan")]
    assert [p.id for p in state.plan.plugins] == [PIN.id]


@pytest.mark.parametrize(("was", "shall"), [("plan", "lists"), ("lists", "plan")])
def test_a_step_moves_neither_out_of_a_gap_that_is_reached_nor_into_one(was, shall):
    state = after(cycle(offer(("s", was, "before"))), FILED)
    again = composed_again(state, offer(("s", shall, "before")))

    assert again.plan.steps == state.plan.steps
    assert late(again) == [(PIN.id, f"{PIN.id}.s", "before:plan")]


def test_the_order_in_a_gap_that_is_reached_stays():
    steps = [("s", "plan", "before"), ("t", "plan", "before")]
    state = after(cycle(offer(*steps)), FILED)
    turned = merge([offer(*steps)], fixed=(f"{PIN.id}.t",))
    again = fold(state, composed(state, turned, required=(), now=NOW))

    assert local(again) == [f"{PIN.id}.s", f"{PIN.id}.t"]
    assert [step for _, step, _ in late(again)] == local(again)


def test_an_unchanged_plan_has_no_conflict_however_far_the_cycle_has_come():
    steps = offer(("s", "plan", "before"), ("t", "lists", "before"))

    assert composed_again(replace(closed(), plan=merge([steps])), steps).plan.conflicts == ()


def test_what_a_required_plugin_offers_too_late_blocks_nothing():
    plan = merge([offer(("early", "plan", "before"))])
    state = fold(prepared(), composed(prepared(), plan, required=(PIN.id,), now=NOW))

    assert (state.blocked, len(late(state))) == ((), 1)


def test_a_cycle_whose_policy_knows_no_gaps_is_planned_again_by_phase():
    state = composed_again(prepared(policy=NO_GAPS), offer(("early", "plan", "before")))

    assert local(state) == [f"{PIN.id}.early"]
    assert state.plan.conflicts == ()
