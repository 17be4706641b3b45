"""A plan composed again changes only what lies ahead."""

from __future__ import annotations

import pytest

from engine.plan.graft import grafted
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Contribution, PluginPin, StepContribution


def pin(version):
    return PluginPin(id="p", version=version, digest=version * 8)


def plan(version, *anchors):
    steps = tuple(
        StepContribution(id=f"p.{a}", anchor=a, side="after", shape="evidence") for a in anchors
    )
    return merge([Contribution(pin=pin(version), steps=steps)])


def names(planned):
    return [s.id for s in planned.steps if s.origin == "local"]


OLD = plan("1", "study", "summary", "lists")
NEW = plan("2", "talks", "summary", "publication")


def test_before_anything_has_begun_the_new_plan_holds():
    result = grafted(OLD, NEW, over=(), begun=())

    assert names(result) == ["p.talks", "p.summary", "p.publication"]
    assert [p.version for p in result.plugins] == ["2"]


def test_what_has_begun_stays_where_it_was_under_its_version():
    result = grafted(OLD, NEW, over=(), begun=("p.study",))

    assert names(result) == ["p.study", "p.talks", "p.summary", "p.publication"]
    assert [p.version for p in result.plugins] == ["1"]


def test_a_phase_that_is_over_does_not_change():
    result = grafted(OLD, NEW, over=("before", "meeting"), begun=())

    assert names(result) == ["p.study", "p.summary", "p.publication"]


@pytest.mark.parametrize("over", [(), ("before",), ("before", "meeting", "after")])
def test_no_prescribed_step_is_ever_lost_or_moved(over):
    result = grafted(OLD, NEW, over=over, begun=("p.study", "p.lists"))

    assert tuple(s.id for s in result.steps if s.origin == "prescribed") == CORE_STEPS


def test_the_same_plan_grafted_twice_has_the_same_digest():
    once = grafted(OLD, NEW, over=("before",), begun=())

    assert grafted(OLD, NEW, over=("before",), begun=()) == once
    assert once.digest != NEW.digest
