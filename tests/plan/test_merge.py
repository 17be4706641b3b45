"""Merging local steps into the prescribed plan."""

from __future__ import annotations

import random

from hypothesis import given, settings, strategies as st

from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Contribution, Invitation, PluginPin, StepContribution


def pin(name: str, scope: str = "unit") -> PluginPin:
    return PluginPin(id=name, version="1.0", digest="0" * 64, scope=scope)


def step(
    name: str, anchor: str = "mutual_criticism", side: str = "after", **more
) -> StepContribution:
    return StepContribution(id=name, anchor=anchor, side=side, shape="evidence", **more)


def offer(
    name: str, *steps: StepContribution, scope: str = "unit", invitations=()
) -> Contribution:
    return Contribution(pin=pin(name, scope), steps=steps, invitations=invitations)


def ids(plan) -> list[str]:
    return [s.id for s in plan.steps if s.origin == "local"]


def codes(plan) -> list[str]:
    return [c.code for c in plan.conflicts]


def test_without_contribution_the_plan_is_the_prescribed_one():
    assert [s.id for s in merge([]).steps] == list(CORE_STEPS)


def test_a_local_step_stands_in_its_slot_and_is_marked_local():
    plan = merge([offer("door", step("door.speeches"))])
    order = [s.id for s in plan.steps]

    assert order[order.index("mutual_criticism") + 1] == "door.speeches"
    assert plan.step("door.speeches").origin == "local"
    assert plan.step("door.speeches").slot == "after:mutual_criticism"


def test_ties_go_by_scope_and_then_by_id():
    plan = merge(
        [
            offer("b", step("b.x")),
            offer("a", step("a.x")),
            offer("z", step("z.x"), scope="province"),
        ]
    )

    assert ids(plan) == ["z.x", "a.x", "b.x"]
    assert [plan.step(i).decided_by for i in ids(plan)] == ["scope", "id", "id"]


def test_a_relation_beats_the_id():
    plan = merge([offer("a", step("a.x", after=("b.x",))), offer("b", step("b.x"))])

    assert ids(plan) == ["b.x", "a.x"]
    assert plan.step("a.x").decided_by == "relation"


def test_a_knot_is_refused_whole_also_when_cycles_overlap():
    offers = [
        offer("a", step("a.x", after=("b.x",))),
        offer("b", step("b.x", after=("a.x", "c.x"))),
        offer("c", step("c.x", after=("b.x",))),
        offer("d", step("d.x")),
    ]
    plan = merge(offers)

    assert ids(plan) == ["d.x"]
    assert codes(plan) == ["order_cycle"] * 3
    assert plan.conflicts[0].detail == "a.x, b.x, c.x"


def test_a_misspelt_anchor_is_refused_with_the_nearest_name():
    plan = merge([offer("a", step("a.x", anchor="mutual_critisism"))])

    assert codes(plan) == ["unknown_anchor"]
    assert "mutual_criticism" in plan.conflicts[0].detail


def test_a_relation_against_the_prescribed_order_is_refused():
    early = step("a.x", anchor="plan", after=("b.x",))

    assert codes(merge([offer("a", early), offer("b", step("b.x"))])) == ["order_contradiction"]


def test_refusing_one_refuses_what_requires_it():
    bad = offer("a", step("a.x", anchor="nowhere"))
    plan = merge([bad, offer("b", step("b.x", requires=("a.x",)))])

    assert codes(plan) == ["unknown_anchor", "missing_requirement"]


def test_a_step_must_bear_its_plugins_name_and_be_one_of_a_kind():
    assert codes(merge([offer("a", step("core.x"))])) == ["id_not_namespaced"]
    assert codes(merge([offer("a", step("a.x"), step("a.x"))])) == ["duplicate_step_id"]


def test_invitations_belong_to_a_step_of_the_same_plugin():
    speeches = StepContribution(
        id="a.x", anchor="mutual_criticism", side="after", shape="speakers"
    )
    guests = [Invitation(step="a.x", person=f"g{n}") for n in (2, 1, 2)]

    assert merge([offer("a", speeches, invitations=guests)]).step("a.x").participants == (
        "g2",
        "g1",
    )
    assert codes(merge([offer("a", invitations=(Invitation(step="study", person="g1"),))])) == [
        "unknown_step"
    ]


def test_five_hundred_shuffles_give_one_digest():
    offers = [
        offer(
            f"p{n}",
            step(f"p{n}.x", anchor=CORE_STEPS[n % len(CORE_STEPS)]),
            scope=("unit", "city")[n % 2],
        )
        for n in range(20)
    ]
    offers += [offer("k", step("k.x", after=("l.x",))), offer("l", step("l.x", after=("k.x",)))]
    shuffled = random.Random(7)
    digests = set()
    for _ in range(500):
        shuffled.shuffle(offers)
        digests.add(merge(offers).digest)

    assert len(digests) == 1


contributions = st.lists(
    st.builds(
        lambda name, anchor, side, after: offer(
            name,
            step(f"{name}.s", anchor=anchor, side=side, after=tuple(f"{a}.s" for a in after)),
        ),
        st.sampled_from("abcdef"),
        st.sampled_from([*CORE_STEPS, "nowhere"]),
        st.sampled_from(["before", "after"]),
        st.lists(st.sampled_from("abcdef"), max_size=3),
    ),
    max_size=6,
    unique_by=lambda c: c.pin.id,
)


@settings(max_examples=150, deadline=None)
@given(contributions)
def test_the_prescribed_steps_remain_in_their_order(offers):
    plan = merge(offers)

    assert tuple(s.id for s in plan.steps if s.origin == "prescribed") == CORE_STEPS
    assert {c.plugin for c in plan.conflicts} | {p.id for p in plan.plugins} == {
        o.pin.id for o in offers
    }
