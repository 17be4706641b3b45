"""The explanation of a plan: complete, in both languages."""

from __future__ import annotations

from typing import get_args

from engine.plan.explain import CODES, explain, explain_conflict
from engine.plan.merge import merge
from engine.plan.steps import ConflictCode

from .samples import offer, step

PLAN = merge([offer("a", step("a.x")), offer("b", step("b.x", "nowhere"))])


def test_each_step_has_a_row_in_plan_order_with_the_rule_that_placed_it():
    rows = {row.step: row for row in explain(PLAN, "zh")}

    assert list(rows) == [s.id for s in PLAN.steps]
    assert (rows["study"].title, rows["study"].reason) == ("集中学习", "规定动作")
    assert (rows["a.x"].plugin, rows["a.x"].decided_by) == ("a", "id")
    assert rows["a.x"].reason == "按步骤标识"


def test_the_same_in_english():
    rows = {row.step: row for row in explain(PLAN, "en")}

    assert (rows["study"].title, rows["study"].phase) == ("Study", "before")
    assert rows["a.x"].reason == "by step id"


def test_a_conflict_is_a_sentence_with_its_code():
    told = [explain_conflict(PLAN.conflicts[0], lang) for lang in ("zh", "en")]

    assert told == [
        "b.x：没有这个规定步骤 [unknown_anchor]",
        "b.x: no such prescribed step [unknown_anchor]",
    ]


def test_every_code_has_a_sentence():
    assert set(CODES) == set(get_args(ConflictCode))
