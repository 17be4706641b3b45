"""A review can stop a plan; it cannot change one."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.plan.calls import HookEnvelope, Roster, RosterEntry
from engine.plan.merge import merge
from engine.plan.reviews import denying, findings, reviewed, reviews, with_reviewers
from engine.plan.steps import PlanContext

from .samples import offer, pin, step

CONTEXT = PlanContext(
    cycle="c", unit="u", opened_at=datetime(2021, 7, 1, tzinfo=UTC), core_steps=(), people=()
)
PLAN = merge([offer("a", step("a.x"))])
ROSTER = Roster(
    entries=(
        RosterEntry(pin=pin("a"), hooks=("contribute_steps",)),
        RosterEntry(pin=pin("b"), hooks=("review_plan",)),
    )
)


def answer(*objections: tuple[str, str, str]) -> HookEnvelope:
    names = ("severity", "code", "step")
    rows = [dict(zip(names, told, strict=True)) for told in objections]
    return HookEnvelope(hook="review_plan", plugin="b", ok=True, result=rows)


def test_those_that_review_are_shown_every_step_of_the_plan():
    (call,) = reviews(ROSTER, CONTEXT, PLAN)

    assert (call.plugin, call.hook, call.steps) == ("b", "review_plan", PLAN.steps)
    assert [c.plugin for c in ROSTER.calls(CONTEXT)] == ["a"]


def test_a_warning_is_recorded_and_stops_nothing():
    plan = reviewed(PLAN, [answer(("warn", "late", "a.x"))])

    assert [(c.code, c.plugin, c.step, c.detail) for c in plan.conflicts] == [
        ("review_warned", "b", "a.x", "late")
    ]
    assert (plan.steps, denying(plan)) == (PLAN.steps, ())
    assert plan.digest != PLAN.digest


def test_one_denial_is_enough_to_name_who_denies():
    plan = reviewed(PLAN, [answer(("warn", "late", ""), ("deny", "no_notice", "a.x"))])

    assert denying(plan) == ("b",)
    assert plan.steps == PLAN.steps


def test_a_review_without_objections_leaves_the_plan_as_it_was():
    assert reviewed(PLAN, [answer()]) == PLAN


def test_a_review_that_failed_is_named():
    failed = HookEnvelope(
        hook="review_plan", plugin="b", ok=False, error_code="contribution_timeout"
    )
    plan = reviewed(PLAN, [failed])

    assert [(c.code, c.plugin) for c in plan.conflicts] == [("contribution_timeout", "b")]


CLOSERS = Roster(
    entries=(
        RosterEntry(pin=pin("a"), hooks=("contribute_steps", "review_closing")),
        RosterEntry(pin=pin("gone"), hooks=("review_closing",)),
    )
)


def said(plugin: str, **more) -> HookEnvelope:
    return HookEnvelope(hook="review_closing", plugin=plugin, **{"ok": True, **more})


def test_a_plan_names_those_of_its_plugins_that_review_closings():
    plan = with_reviewers(PLAN, CLOSERS)

    assert plan.closing == ("a",)
    assert plan.digest != PLAN.digest
    assert with_reviewers(PLAN, ROSTER) == PLAN


def test_findings_name_the_version_that_answered():
    row = {"severity": "deny", "code": "deed_open", "step": ""}
    (found,) = findings(PLAN, [said("a", version="1.2", result=[row])])

    assert (found.plugin, found.severity, found.code, found.version) == (
        "a", "deny", "deed_open", "1.2",
    )  # fmt: skip


def test_silence_is_on_record_and_holds_only_where_the_plugin_is_required():
    silent = said("a", ok=False, error_code="worker_absent")
    must = pin("a").model_copy(update={"criticality": "required"})
    required = merge([offer("a", step("a.x")).model_copy(update={"pin": must})])

    assert [(f.severity, f.code) for f in findings(PLAN, [silent])] == [
        ("warn", "worker_absent")
    ]
    assert [f.severity for f in findings(required, [silent])] == ["deny"]
