"""Order inside a slot, and the knots that make an order impossible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from engine.plan.steps import DecidedBy, ScopeLevel, StepContribution

Slot: TypeAlias = tuple[int, str]
RANK: dict[ScopeLevel, int] = {"province": 0, "city": 1, "unit": 2}


def edges(steps: Mapping[str, StepContribution]) -> dict[str, set[str]]:
    """Return each step's predecessors among ``steps``."""
    before: dict[str, set[str]] = {name: set() for name in steps}
    for name, step in steps.items():
        before[name].update(other for other in step.after if other in steps)
        for other in step.before:
            if other in steps:
                before[other].add(name)
    return before


def arranged(
    steps: Sequence[StepContribution], scope: Mapping[str, ScopeLevel]
) -> list[tuple[StepContribution, DecidedBy]]:
    """Return ``steps`` of one slot in order, each with the rule that placed it."""
    waiting = {step.id: step for step in steps}
    before = edges(waiting)
    out: list[tuple[StepContribution, DecidedBy]] = []
    while waiting:
        free = [name for name in waiting if not before[name] & waiting.keys()]
        free.sort(key=lambda name: (RANK[scope[name]], name.encode()))
        rule: DecidedBy = "id"
        if before[free[0]]:
            rule = "relation"
        elif len({scope[name] for name in free}) > 1:
            rule = "scope"
        out.append((waiting.pop(free[0]), rule))
    return out


def knots(
    steps: Mapping[str, StepContribution], slot_of: Callable[[StepContribution], Slot]
) -> list[tuple[str, ...]]:
    """Return the strongly connected components of two or more steps, slot by slot.

    The whole component is named, so that no order of input favours one of its steps.
    """
    slots: dict[Slot, dict[str, StepContribution]] = {}
    for name in sorted(steps):
        slots.setdefault(slot_of(steps[name]), {})[name] = steps[name]
    found = []
    for slot in sorted(slots):
        before = edges(slots[slot])
        reach = {name: _reach(name, before) for name in before}
        seen: set[str] = set()
        for name in sorted(before):
            knot = {o for o in reach[name] if name in reach[o]}
            if knot and name not in seen:
                seen |= knot
                found.append(tuple(sorted(knot)))
    return found


def _reach(start: str, before: Mapping[str, set[str]]) -> set[str]:
    """Return every step from which ``start`` can be reached, itself only by a cycle."""
    seen: set[str] = set()
    open_ = list(before[start])
    while open_:
        name = open_.pop()
        if name not in seen:
            seen.add(name)
            open_ += before[name]
    return seen
