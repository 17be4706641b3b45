"""However far a cycle has come and whatever plugins offer then: what is reached stays."""

from __future__ import annotations

from dataclasses import replace

from cycle.stages import NOW, cycle, in_session
from hypothesis import given, settings, strategies as st
from plan.samples import offer, step

from engine.cycle.decide import WHEN
from engine.cycle.evolve import fold
from engine.cycle.planning import begun, composed
from engine.cycle.reached import reached
from engine.cycle.state import Batch, Cycle, Proposal, SelfExam, Talk
from engine.plan.graft import gaps
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS

NAMES = [f"{plugin}.{name}" for plugin in "abc" for name in "xyz"]
STATES = sorted({status for states in WHEN.values() for status in states})
MEETING = in_session().meetings[0]


@st.composite
def contributed(draw):
    """Up to three plugins, each with some of its steps somewhere."""
    names = draw(st.sets(st.sampled_from(NAMES)))
    relations = st.lists(st.sampled_from(NAMES), max_size=1).map(tuple)
    steps = [
        step(n, draw(st.sampled_from(CORE_STEPS)), draw(st.sampled_from(("before", "after"))),
             after=draw(relations))
        for n in sorted(names)
    ]  # fmt: skip
    offers = [offer(p, *(s for s in steps if s.id.startswith(p))) for p in "abc"]
    version = draw(st.sampled_from(("1", "2")))
    return [
        o.model_copy(update={"pin": o.pin.model_copy(update={"version": version})})
        for o in offers
    ]


@st.composite
def progress(draw) -> Cycle:
    """A cycle with a plan, that has come anywhere, in any order."""

    def some(names, value):
        return {name: value for name in draw(st.sets(st.sampled_from(names)))}

    def maybe(value):
        return draw(st.sampled_from((value, {})))

    held = tuple(replace(MEETING, recorded=tuple(some(NAMES, 1))) for _ in some("12", 1))
    at_all = cycle(*draw(contributed()), evaluation=draw(st.booleans()))
    return replace(
        at_all,
        status=draw(st.sampled_from(STATES)),
        halted_from=draw(st.sampled_from((None, *STATES))),
        recorded=tuple(some([*CORE_STEPS, *NAMES], 1)),
        studied=maybe({"m01": ("b1",)}),
        batches=maybe({"b": Batch(channel="forum", issued=1, returned=1, valid=1, opinions=1)}),
        talks=maybe({"t": Talk(pair=("m01", "m02"))}),
        self_exams=maybe({"m01": SelfExam()}),
        proposals=maybe({"m01": Proposal(grade="good", shown_on=NOW.date())}),
        meetings=held,
        replanning=True,
    )


@settings(max_examples=400, deadline=None)
@given(progress(), contributed())
def test_what_is_reached_stays_and_what_is_refused_for_it_is_named(state, offers):
    was, new = state.pinned_plan, merge(offers)
    then = fold(state, composed(state, new, required=(), now=NOW))
    kept, before, wanted = gaps(then.pinned_plan), gaps(was), gaps(new)
    there = reached(state)

    assert [kept[gap] for gap in there] == [before[gap] for gap in there]
    assert {c.step for c in then.pinned_plan.conflicts if c.code == "slot_reached"} >= {
        s.id
        for gap in there
        for s in (*before[gap], *wanted[gap])
        if s.id not in {t.id for t in before[gap]} & {t.id for t in wanted[gap]}
    }
    assert all(c.plugin for c in then.pinned_plan.conflicts)


@settings(max_examples=400, deadline=None)
@given(progress(), contributed())
def test_what_lies_ahead_changes_and_nothing_is_lost_or_doubled(state, offers):
    was, new = state.pinned_plan, merge(offers)
    then = fold(state, composed(state, new, required=(), now=NOW)).pinned_plan
    kept, before, wanted = gaps(then), gaps(was), gaps(new)
    there = reached(state)
    names = [s.id for s in then.steps]
    fixed = {s.id for gap in there for s in (*before[gap], *wanted[gap])} | set(begun(state))

    assert tuple(s.id for s in then.steps if s.origin == "prescribed") == CORE_STEPS
    assert len(names) == len(set(names))
    assert {s.id for s in was.steps if s.id in begun(state)} <= set(names)
    for gap in set(range(len(kept))) - there:
        assert [s for s in kept[gap] if s.id not in fixed] == [
            s for s in wanted[gap] if s.id not in fixed
        ]
    assert {p.id for p in then.plugins} == {s.plugin for s in then.steps if s.plugin}


@settings(max_examples=100, deadline=None)
@given(progress(), contributed())
def test_a_plan_composed_again_twice_is_the_same(state, offers):
    once = fold(state, composed(state, merge(offers), required=(), now=NOW))
    again = fold(once, composed(once, merge(offers), required=(), now=NOW))

    assert again.plan == once.plan
