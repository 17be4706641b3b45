"""Merge contributions into one plan: same input, same plan, whatever the order.

``anchor`` and ``side`` choose a slot, the gap between two prescribed steps; only steps
of the same slot compete. Inside a slot relations come first, then the order of the
roster, then scope, then id.
A contribution is taken whole or refused whole, and refusing one may refuse another,
so the merge repeats until nothing changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.plan.order import arranged, phase_of, slot_name, slot_of
from engine.plan.prescribed import PRESCRIBED
from engine.plan.refusals import Found, refusals
from engine.plan.steps import Conflict, Contribution, Plan, PlannedStep, StepContribution
from engine.record import Record, digest

PLAN_LIMIT_BYTES = 128 * 1024
"""A pinned plan travels with the state of its cycle through the whole history."""


def merge(
    contributions: Sequence[Contribution], *, unloaded: Iterable[Conflict] = (),
    fixed: Sequence[str] = (),
) -> Plan:  # fmt: skip
    """Return the plan of the prescribed steps and every contribution that stands.

    ``unloaded`` says why plugins that were found could offer nothing; it is reported
    with the conflicts. ``fixed`` is the order of steps that an administrator set.
    """
    ordered = sorted(contributions, key=lambda c: c.pin.id)  # of twins neither stands
    refused = {c.pin.id: c.failure for c in ordered if c.failure} | _twins(ordered)
    while True:
        standing = [c for c in ordered if c.pin.id not in refused]
        found = refusals(standing)
        if not found:
            plan = _plan(standing, [*refused.values(), *unloaded], fixed)
            found = _too_large(plan, standing)
            if not found:
                return plan
        refused |= found


def _written(record: Record) -> str:
    """Return ``record`` as JSON, as long as its canonical form is."""
    return record.model_dump_json()


def _twins(ordered: list[Contribution]) -> Found:
    """Refuse plugins that share an id: neither can be told from the other."""
    named = Counter(c.pin.id for c in ordered)
    return {p: Conflict(code="duplicate_plugin", plugin=p) for p in named if named[p] > 1}


def _too_large(plan: Plan, standing: list[Contribution]) -> Found:
    """Refuse the largest contribution of a plan that is too large to carry."""
    if not standing or len(_written(plan).encode()) <= PLAN_LIMIT_BYTES:
        return {}
    largest = max(standing, key=lambda c: (len(_written(c)), c.pin.id)).pin.id
    detail = f"limit {PLAN_LIMIT_BYTES} bytes"
    return {largest: Conflict(code="plan_too_large", plugin=largest, detail=detail)}


def _plan(standing: list[Contribution], reasons: list[Conflict], fixed: Sequence[str]) -> Plan:
    steps = _steps(standing, fixed)
    pins = tuple(c.pin for c in standing)
    return with_conflicts(Plan(steps=steps, plugins=pins, digest=""), reasons)


def with_conflicts(plan: Plan, more: Iterable[Conflict]) -> Plan:
    """Return ``plan`` with ``more`` conflicts in their order, and the digest of it all."""
    every = (*plan.conflicts, *more)
    conflicts = tuple(sorted(every, key=lambda c: (c.plugin, c.code, c.step, c.detail)))
    return signed(plan.model_copy(update={"conflicts": conflicts}))


def signed(plan: Plan) -> Plan:
    """Return ``plan`` with the digest of what it holds."""
    told = plan.model_dump(mode="json", include={"steps", "plugins", "conflicts", "closing"})
    shown = [*told["steps"], *told["plugins"], *told["conflicts"], *told["closing"]]
    return plan.model_copy(update={"digest": digest(shown)})


def _steps(standing: list[Contribution], fixed: Sequence[str]) -> tuple[PlannedStep, ...]:
    """Return every step in order: a slot, a prescribed step, a slot, and so on."""
    local = _local_steps(standing, fixed)
    plan = [*local.get(0, ())]
    for slot, prescribed in enumerate(PRESCRIBED, start=1):
        plan += [prescribed, *local.get(slot, ())]
    return tuple(plan)


def _local_steps(
    standing: list[Contribution], fixed: Sequence[str]
) -> dict[int, list[PlannedStep]]:
    pins = {step.id: c.pin for c in standing for step in c.steps}
    scope = {name: pin.scope for name, pin in pins.items()}
    every = [step for c in standing for step in c.steps]
    invited: dict[str, dict[str, None]] = {step.id: {} for step in every}
    for invitation in (i for c in standing for i in c.invitations):
        invited[invitation.step][invitation.person] = None
    held: dict[int, list[StepContribution]] = {}
    for step in every:
        held.setdefault(slot_of(step), []).append(step)
    return {
        slot: [
            PlannedStep(
                id=step.id, phase=phase_of(slot), shape=step.shape, origin="local",
                plugin=pins[step.id].id, slot=slot_name(slot), role=step.role,
                participants=tuple(invited[step.id]), stages=step.stages,
                decided_by=decided_by,
            )
            for step, decided_by in arranged(steps, scope, fixed)
        ]
        for slot, steps in held.items()
    }  # fmt: skip
