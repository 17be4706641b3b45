"""Merging local steps into the prescribed plan: slots, order, and what is refused."""

from __future__ import annotations

import pytest

from engine.plan.merge import PLAN_LIMIT_BYTES, merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Conflict
from engine.record import canonical_json

from .samples import codes, local, offer, pin, step


def test_without_contribution_the_plan_is_the_prescribed_one():
    plan = merge([])

    assert tuple(s.id for s in plan.steps) == CORE_STEPS
    assert len(CORE_STEPS) == 23
    assert {s.decided_by for s in plan.steps} == {"prescribed"}


def test_a_local_step_stands_in_its_slot_and_is_marked_local():
    plan = merge([offer("door", step("door.speeches"))])
    order = [s.id for s in plan.steps]

    assert order[order.index("mutual_criticism") + 1] == "door.speeches"
    assert plan.step("door.speeches").origin == "local"
    assert plan.step("door.speeches").plugin == "door"
    assert plan.step("door.speeches").slot == "after:mutual_criticism"


def test_after_a_step_and_before_the_next_are_one_slot():
    plan = merge(
        [
            offer("a", step("a.x", "poll", "before", after=("b.x",))),
            offer("b", step("b.x", "mutual_criticism", "after")),
            offer("c", step("c.x", "mutual_criticism", "after", after=("a.x",))),
        ]
    )

    assert local(plan) == ["b.x", "a.x", "c.x"]
    assert {plan.step(s).slot for s in local(plan)} == {"after:mutual_criticism"}


@pytest.mark.parametrize(
    ("anchor", "side", "phase", "slot"),
    [
        ("plan", "before", "before", "before:plan"),
        ("opening", "before", "before", "after:material_review"),
        ("opening", "after", "meeting", "after:opening"),
        ("closing", "before", "meeting", "after:summary"),
        ("closing", "after", "after", "after:closing"),
        ("verdicts", "before", "after", "after:closing"),
        ("archive", "after", "after", "after:archive"),
    ],
)
def test_the_meeting_lies_between_its_opening_and_its_closing(anchor, side, phase, slot):
    placed = merge([offer("a", step("a.x", anchor, side))]).step("a.x")

    assert (placed.phase, placed.slot) == (phase, slot)


def test_ties_go_by_scope_and_then_by_id():
    plan = merge(
        [
            offer("b", step("b.x")),
            offer("a", step("a.x")),
            offer("y", step("y.x"), scope="city"),
            offer("z", step("z.x"), scope="province"),
        ]
    )

    assert local(plan) == ["z.x", "y.x", "a.x", "b.x"]
    assert [plan.step(s).decided_by for s in local(plan)] == ["scope", "scope", "id", "id"]


def test_a_relation_beats_scope_and_id_and_is_named_on_both_sides():
    plan = merge(
        [
            offer("a", step("a.x", after=("b.x",)), scope="province"),
            offer("b", step("b.x")),
        ]
    )

    assert local(plan) == ["b.x", "a.x"]
    assert [plan.step(s).decided_by for s in local(plan)] == ["relation", "relation"]


def test_before_is_the_mirror_of_after():
    plan = merge([offer("a", step("a.x")), offer("b", step("b.x", before=("a.x",)))])

    assert local(plan) == ["b.x", "a.x"]


def test_a_relation_to_an_absent_step_is_ignored():
    assert local(merge([offer("a", step("a.x", after=("gone.x",)))])) == ["a.x"]


def test_a_knot_is_refused_whole_also_when_cycles_overlap():
    plan = merge(
        [
            offer("a", step("a.x", after=("b.x",))),
            offer("b", step("b.x", after=("a.x", "c.x"))),
            offer("c", step("c.x", after=("b.x",))),
            offer("d", step("d.x", after=("c.x",))),
        ]
    )

    assert local(plan) == ["d.x"]
    assert codes(plan) == ["order_cycle"] * 3
    assert {c.detail for c in plan.conflicts} == {"a.x < b.x, b.x < a.x, b.x < c.x, c.x < b.x"}


def test_a_step_cannot_wait_for_itself():
    assert codes(merge([offer("a", step("a.x", after=("a.x",)))])) == ["order_cycle"]


def test_two_knots_are_told_apart():
    plan = merge(
        [
            offer("a", step("a.x", after=("b.x",))),
            offer("b", step("b.x", after=("a.x",))),
            offer("c", step("c.x", "study", after=("d.x",))),
            offer("d", step("d.x", "study", after=("c.x",))),
        ]
    )

    assert [c.detail for c in plan.conflicts] == [
        *["a.x < b.x, b.x < a.x"] * 2,
        *["c.x < d.x, d.x < c.x"] * 2,
    ]


def test_a_misspelt_anchor_is_refused_with_the_nearest_names():
    plan = merge([offer("a", step("a.x", "mutual_critisism"))])

    assert codes(plan) == ["unknown_anchor"]
    assert plan.conflicts[0].detail.startswith("mutual_criticism")


@pytest.mark.parametrize(
    ("early", "blamed"),
    [
        (step("a.x", "plan", after=("b.x",)), "b.x"),
        (step("a.x", "plan", after=("poll",)), "poll"),
        (step("a.x", "archive", before=("poll",)), "poll"),
        (step("a.x", "archive", before=("b.x",)), "b.x"),
    ],
)
def test_a_relation_against_the_prescribed_order_refuses_who_claims_it(early, blamed):
    plan = merge([offer("a", early), offer("b", step("b.x"))])

    assert [(c.plugin, c.code, c.detail) for c in plan.conflicts] == [
        ("a", "order_contradiction", blamed)
    ]
    assert local(plan) == ["b.x"]


def test_refusing_one_refuses_all_that_require_it():
    plan = merge(
        [
            offer("a", step("a.x", "nowhere")),
            offer("b", step("b.x", requires=("a.x",))),
            offer("c", step("c.x", requires=("b.x", "study"))),
            offer("d", step("d.x", requires=("study",))),
        ]
    )

    assert codes(plan) == ["unknown_anchor", "missing_requirement", "missing_requirement"]
    assert local(plan) == ["d.x"]


def test_a_contribution_is_refused_whole():
    plan = merge([offer("a", step("a.x"), step("a.y", "nowhere"))])

    assert local(plan) == []
    assert plan.plugins == ()


def test_a_step_must_bear_its_plugins_name():
    assert codes(merge([offer("a", step("b.x"))])) == ["id_not_namespaced"]
    assert codes(merge([offer("a", step("study"))])) == ["id_not_namespaced"]
    assert codes(merge([offer("a", step("ab.x"))])) == ["id_not_namespaced"]


def test_a_step_contributed_twice_and_a_plugin_found_twice_are_refused():
    assert codes(merge([offer("a", step("a.x"), step("a.x"))])) == ["duplicate_step_id"]
    twins = merge([offer("a", step("a.x")), offer("a", step("a.y")), offer("b", step("b.x"))])

    assert codes(twins) == ["duplicate_plugin"]
    assert local(twins) == ["b.x"]


def test_invitations_go_to_a_step_of_the_same_plugin_once_a_person():
    speeches = step("a.x", shape="speakers")
    invited = (("a.x", "g2"), ("a.x", "g1"), ("a.x", "g2"))

    assert merge([offer("a", speeches, invited=invited)]).step("a.x").participants == (
        "g2",
        "g1",
    )
    assert codes(merge([offer("a", invited=(("study", "g1"),))])) == ["unknown_step"]
    assert codes(
        merge([offer("a", step("a.x")), offer("b", step("b.x"), invited=(("a.x", "g1"),))])
    ) == ["unknown_step"]


def test_speakers_outside_the_meeting_would_block_it_for_ever():
    assert codes(merge([offer("a", step("a.x", "study", shape="speakers"))])) == [
        "misplaced_speakers"
    ]


def test_a_step_nobody_could_record_is_refused():
    assert codes(merge([offer("a", step("a.x", role="resident"))])) == ["role_may_not_record"]


def test_a_plan_too_large_loses_its_largest_contribution_only():
    many = [step(f"big.{'s' * 60}{n}") for n in range(PLAN_LIMIT_BYTES // 200)]
    plan = merge([offer("big", *many), offer("small", step("small.x"))])

    assert codes(plan) == ["plan_too_large"]
    assert local(plan) == ["small.x"]


@pytest.mark.parametrize(("spare", "told"), [(0, []), (-1, ["plan_too_large"])])
def test_the_limit_counts_the_bytes_that_are_written_down(monkeypatch, spare, told):
    odd = Conflict(code="plugin_failed", plugin="b", detail='公示 "\\\n\x01\x7f\u2028')
    offers = [offer("a", step("a.x"))]
    written = canonical_json(merge(offers, unloaded=[odd]).model_dump(mode="json"))
    monkeypatch.setattr("engine.plan.merge.PLAN_LIMIT_BYTES", len(written.encode()) + spare)

    assert codes(merge(offers, unloaded=[odd])) == [*told, "plugin_failed"]


def test_what_could_not_be_loaded_is_reported_with_the_rest():
    broken = Conflict(code="plugin_failed", plugin="broken", detail="plugin.toml")
    failed = offer("a").model_copy(
        update={"failure": Conflict(code="contribution_timeout", plugin="a")}
    )
    plan = merge([failed], unloaded=[broken])

    assert codes(plan) == ["contribution_timeout", "plugin_failed"]


def test_the_digest_tells_plans_apart_by_steps_and_by_plugin_version():
    one = offer("a", step("a.x"))
    newer = one.model_copy(update={"pin": pin("a").model_copy(update={"version": "1.1"})})
    moved = offer("a", step("a.x", "study"))

    assert len({merge([c]).digest for c in (one, newer, moved)}) == 3


def test_a_step_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        merge([]).step("door.speeches")
