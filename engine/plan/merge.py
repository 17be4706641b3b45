"""Merge contributions into one plan: same input, same plan, whatever the order.

``anchor`` and ``side`` choose a slot, the gap beside one prescribed step; only steps
of the same slot compete. Inside a slot relations come first, then scope, then id.
A contribution is taken whole or refused whole, and refusing one may refuse another,
so the merge repeats until nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypeAlias

from engine.plan.order import Slot, arranged, knots
from engine.plan.prescribed import CORE_STEPS, PRESCRIBED
from engine.plan.steps import (
    Conflict,
    Contribution,
    Phase,
    Plan,
    PlannedStep,
    StepContribution,
)
from engine.record import digest

Found: TypeAlias = dict[str, Conflict]
"""Plugin id to the first reason why its contribution is refused."""


def merge(contributions: Sequence[Contribution]) -> Plan:
    """Return the plan of the prescribed steps and every contribution that stands."""
    ordered = sorted(contributions, key=lambda c: c.pin.id)
    refused: Found = {c.pin.id: c.failure for c in ordered if c.failure}
    while True:
        standing = [c for c in ordered if c.pin.id not in refused]
        found = _refusals(standing)
        if not found:
            break
        refused |= found
    steps = _steps(standing)
    pins = tuple(c.pin for c in standing)
    conflicts = tuple(refused[plugin] for plugin in sorted(refused))
    shown = [s.model_dump(mode="json") for s in (*steps, *pins, *conflicts)]
    return Plan(steps=steps, plugins=pins, conflicts=conflicts, digest=digest(shown))


def slot_of(step: StepContribution) -> Slot:
    """Return the gap ``step`` stands in: the place of its anchor, and the side."""
    return CORE_STEPS.index(step.anchor), step.side


def _refusals(standing: list[Contribution]) -> Found:
    """Return the refusals of one pass; checks that stand alone come before relations."""
    alone = _each_alone(standing)
    return alone or _duplicates(standing) or _unmet(standing) or _disorder(standing)


def _each_alone(standing: list[Contribution]) -> Found:
    found: Found = {}
    for contribution in standing:
        plugin = contribution.pin.id
        for step in contribution.steps:
            if not step.id.startswith(f"{plugin.replace('-', '_')}."):
                found[plugin] = Conflict(code="id_not_namespaced", plugin=plugin, step=step.id)
            elif step.anchor not in CORE_STEPS:
                near = ", ".join(get_close_matches(step.anchor, CORE_STEPS))
                found[plugin] = Conflict(
                    code="unknown_anchor", plugin=plugin, step=step.id, detail=near
                )
        own = {step.id for step in contribution.steps}
        if strange := sorted({i.step for i in contribution.invitations} - own):
            found[plugin] = Conflict(code="unknown_step", plugin=plugin, step=strange[0])
    return found


def _duplicates(standing: list[Contribution]) -> Found:
    owners: dict[str, list[str]] = {}
    for contribution in standing:
        for step in contribution.steps:
            owners.setdefault(step.id, []).append(contribution.pin.id)
    return {
        plugin: Conflict(
            code="duplicate_step_id", plugin=plugin, step=step, detail=", ".join(named)
        )
        for step, named in sorted(owners.items())
        if len(named) > 1
        for plugin in named
    }


def _unmet(standing: list[Contribution]) -> Found:
    known = {step.id for c in standing for step in c.steps} | set(CORE_STEPS)
    return {
        c.pin.id: Conflict(
            code="missing_requirement", plugin=c.pin.id, step=step.id, detail=wanted
        )
        for c in standing
        for step in c.steps
        for wanted in step.requires
        if wanted not in known
    }


def _disorder(standing: list[Contribution]) -> Found:
    """Refuse relations across slots that point the wrong way, and whole knots in a slot."""
    owner = {step.id: c.pin.id for c in standing for step in c.steps}
    every = {step.id: step for c in standing for step in c.steps}
    found: Found = {}
    for step in every.values():
        for other in _wrong_way(step, every):
            plugin = owner[step.id]
            found[plugin] = Conflict(
                code="order_contradiction", plugin=plugin, step=step.id, detail=other
            )
    if found:
        return found
    for knot in knots(every, slot_of):
        for step_id in knot:
            plugin = owner[step_id]
            found[plugin] = Conflict(
                code="order_cycle", plugin=plugin, step=step_id, detail=", ".join(knot)
            )
    return found


def _wrong_way(step: StepContribution, every: dict[str, StepContribution]) -> list[str]:
    """Return the steps in other slots that ``step`` wants on the impossible side."""
    here = _place(step)
    late = [o for o in step.after if o in every and _place(every[o]) > here]
    early = [o for o in step.before if o in every and _place(every[o]) < here]
    return late + early


def _place(step: StepContribution) -> int:
    index, side = slot_of(step)
    return 2 * index + (1 if side == "after" else 0)


def _steps(standing: list[Contribution]) -> tuple[PlannedStep, ...]:
    scope = {step.id: c.pin.scope for c in standing for step in c.steps}
    owner = {step.id: c.pin.id for c in standing for step in c.steps}
    every = [step for c in standing for step in c.steps]
    invited = [i for c in standing for i in c.invitations]
    plan: list[PlannedStep] = []
    for index, core in enumerate(PRESCRIBED):
        for side in ("before", "core", "after"):
            if side == "core":
                plan.append(core)
                continue
            held = [s for s in every if slot_of(s) == (index, side)]
            for step, decided_by in arranged(held, scope):
                persons = dict.fromkeys(i.person for i in invited if i.step == step.id)
                plan.append(
                    PlannedStep(
                        id=step.id, phase=_phase(core, side), shape=step.shape, origin="local",
                        plugin=owner[step.id], slot=f"{side}:{core.id}", role=step.role,
                        participants=tuple(persons), decided_by=decided_by,
                    )
                )  # fmt: skip
    return tuple(plan)


def _phase(core: PlannedStep, side: str) -> Phase:
    """Return the phase of a local step: the meeting lies inside its opening and closing."""
    if (core.id, side) == ("opening", "before"):
        return "before"
    return "after" if (core.id, side) == ("closing", "after") else core.phase
