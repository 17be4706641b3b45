"""An administrator may fix the order inside a gap; declared relations still hold."""

from __future__ import annotations

from engine.plan.merge import merge

from .samples import local, offer, step

OFFERS = [
    offer("a", step("a.x"), scope="province"),
    offer("b", step("b.x")),
    offer("c", step("c.x", before=("d.x",))),
    offer("d", step("d.x")),
]


def rules(plan) -> list[tuple[str, str]]:
    return [(name, plan.step(name).decided_by) for name in local(plan)]


def test_steps_that_are_fixed_come_first_and_in_that_order():
    assert rules(merge(OFFERS, fixed=("b.x", "a.x"))) == [
        ("b.x", "roster"), ("a.x", "roster"), ("c.x", "id"), ("d.x", "relation"),
    ]  # fmt: skip


def test_a_declared_relation_is_stronger_than_the_roster():
    assert rules(merge(OFFERS, fixed=("d.x", "c.x"))) == [
        ("c.x", "relation"), ("d.x", "relation"), ("a.x", "scope"), ("b.x", "id"),
    ]  # fmt: skip


def test_a_fixed_step_that_is_not_there_changes_nothing():
    assert merge(OFFERS, fixed=("nobody.x",)) == merge(OFFERS)


def test_a_step_alone_in_its_gap_needs_no_roster():
    assert rules(merge([offer("a", step("a.x"))], fixed=("a.x",))) == [("a.x", "id")]
