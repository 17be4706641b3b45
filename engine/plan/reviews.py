"""What plugins object to in a plan or in a closing, and what their objections do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.plan.calls import OBJECTIONS, HookCall, HookEnvelope, Roster, failure
from engine.plan.closing import Finding
from engine.plan.merge import signed, with_conflicts
from engine.plan.steps import Conflict, Plan, PlanContext


def reviews(roster: Roster, context: PlanContext, plan: Plan) -> tuple[HookCall, ...]:
    """Return one call for each plugin of the roster that reviews plans."""
    return tuple(
        HookCall(hook="review_plan", plugin=entry.pin.id, context=context, steps=plan.steps)
        for entry in roster.entries
        if "review_plan" in entry.hooks
    )


def reviewed(plan: Plan, envelopes: Iterable[HookEnvelope]) -> Plan:
    """Return ``plan`` with every objection, and every review that failed, on its list.

    The steps stay as they are: a review can stop a plan, not change it.
    """
    return with_conflicts(plan, [c for answer in envelopes for c in _conflicts(answer)])


def denying(plan: Plan) -> tuple[str, ...]:
    """Return the plugins that deny ``plan``: it must not be pinned without a decision."""
    return tuple(sorted({c.plugin for c in plan.conflicts if c.code == "review_denied"}))


def _conflicts(answer: HookEnvelope) -> Iterator[Conflict]:
    if not answer.ok:
        yield failure(answer)
        return
    for objection in OBJECTIONS.validate_python(answer.result or []):
        yield Conflict(
            code="review_denied" if objection.severity == "deny" else "review_warned",
            plugin=answer.plugin,
            step=objection.step,
            detail=objection.code,
        )


def with_reviewers(plan: Plan, roster: Roster) -> Plan:
    """Return ``plan`` with the plugins in it that are asked before each closing."""
    asked = {entry.pin.id for entry in roster.entries if "review_closing" in entry.hooks}
    closing = tuple(pin.id for pin in plan.plugins if pin.id in asked)
    return signed(plan.model_copy(update={"closing": closing}))


def findings(plan: Plan, answers: Iterable[HookEnvelope]) -> tuple[Finding, ...]:
    """Return what ``answers`` say of a closing, by plugin.

    A required plugin that does not answer holds the closing back; of an optional one it is
    on record that it was silent.
    """
    required = {pin.id for pin in plan.plugins if pin.criticality == "required"}
    ordered = sorted(answers, key=lambda answer: answer.plugin)
    return tuple(f for answer in ordered for f in _findings(answer, answer.plugin in required))


def _findings(answer: HookEnvelope, required: bool) -> Iterator[Finding]:
    plugin, version = answer.plugin, answer.version
    if not answer.ok:
        code = failure(answer).code
        yield Finding(plugin=plugin, severity="deny" if required else "warn", code=code)
        return
    for said in OBJECTIONS.validate_python(answer.result or []):
        yield Finding(plugin=plugin, version=version, severity=said.severity, code=said.code)
