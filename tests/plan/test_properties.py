"""What holds for every set of contributions, however odd."""

from __future__ import annotations

import random

from hypothesis import given, settings, strategies as st

from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Contribution, Invitation, PluginPin, StepContribution

from .samples import codes, offer, step

PLUGINS = "abcd"
NAMES = [f"{p}.{s}" for p in PLUGINS for s in "xy"]
NEARBY = ["study", "talks", "opening", "closing", "verdicts"]

relations = st.lists(st.sampled_from([*NAMES, "study", "poll"]), max_size=2).map(tuple)
contributed = st.builds(
    StepContribution,
    id=st.sampled_from([*NAMES, "study"]),
    anchor=st.sampled_from([*NEARBY, "nowhere"]),
    side=st.sampled_from(["before", "after"]),
    shape=st.sampled_from(["evidence", "speakers"]),
    role=st.none(),
    after=relations,
    before=relations,
    requires=relations,
)
offered = st.builds(
    Contribution,
    pin=st.builds(
        PluginPin,
        id=st.sampled_from(PLUGINS),
        version=st.just("1.0"),
        digest=st.just("0" * 64),
        scope=st.sampled_from(["province", "city", "unit"]),
    ),
    steps=st.lists(contributed, max_size=3).map(tuple),
    invitations=st.lists(
        st.builds(
            Invitation, step=st.sampled_from(NAMES), person=st.sampled_from(["g1", "g2"])
        ),
        max_size=2,
    ).map(tuple),
    failure=st.none(),
)
offers = st.lists(offered, max_size=5)


@settings(max_examples=150, deadline=None)
@given(offers, st.randoms(use_true_random=False))
def test_prescribed_steps_stay_and_contributions_stand_or_fall_whole(given_offers, shuffled):
    plan = merge(given_offers)
    prescribed = [s for s in plan.steps if s.origin == "prescribed"]
    standing = {p.id for p in plan.plugins}
    wanted = {s.id for c in given_offers if c.pin.id in standing for s in c.steps}
    again = list(given_offers)
    shuffled.shuffle(again)

    assert tuple(s.id for s in prescribed) == CORE_STEPS
    assert all(s.shape == "core" and not s.participants for s in prescribed)
    assert {s.id for s in plan.steps if s.origin == "local"} == wanted
    assert {c.plugin for c in plan.conflicts} | standing == {c.pin.id for c in given_offers}
    assert {c.plugin for c in plan.conflicts}.isdisjoint(standing)
    assert merge(again) == plan


@settings(max_examples=100, deadline=None)
@given(offers)
def test_every_relation_that_stands_is_kept(given_offers):
    plan = merge(given_offers)
    place = {s.id: n for n, s in enumerate(plan.steps)}
    kept = [s for c in given_offers if c.pin in plan.plugins for s in c.steps]

    for each in kept:
        assert all(place[o] < place[each.id] for o in each.after if o in place)
        assert all(place[o] > place[each.id] for o in each.before if o in place)
        assert all(o in place for o in each.requires)


def test_five_hundred_shuffles_give_one_digest():
    given_offers = [
        offer(
            f"p{n}",
            step(f"p{n}.x", CORE_STEPS[n % len(CORE_STEPS)], requires=(f"p{(n + 1) % 12}.x",)),
            scope=("unit", "city")[n % 2],
        )
        for n in range(12)
    ]
    given_offers += [
        offer("k", step("k.x", after=("l.x",))),
        offer("l", step("l.x", after=("k.x", "m.x"))),
        offer("m", step("m.x", after=("l.x",))),
        offer("n", step("n.x", "nowhere")),
        offer("o", step("o.x", requires=("n.x",))),
        offer("q", step("q.x", "plan", after=("p9.x",))),
    ]
    shuffled, plans = random.Random(7), set()
    for _ in range(500):
        shuffled.shuffle(given_offers)
        plans.add(merge(given_offers).model_dump_json())

    assert len(plans) == 1
    assert sorted(codes(merge(given_offers))) == [
        *["missing_requirement"],
        *["order_contradiction"],
        *["order_cycle"] * 3,
        *["unknown_anchor"],
    ]
