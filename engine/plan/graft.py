"""Take a newly composed plan into a cycle that is under way: only what lies ahead changes."""

from __future__ import annotations

from collections.abc import Iterable

from engine.plan.merge import signed
from engine.plan.steps import Phase, Plan, PlannedStep

ORDER: tuple[Phase, ...] = ("before", "meeting", "after")


def grafted(old: Plan, new: Plan, *, over: Iterable[Phase], begun: Iterable[str]) -> Plan:
    """Return ``new`` with everything that is over or begun as it stands in ``old``.

    Args:
        old: The plan the cycle has followed so far.
        new: What would be planned today.
        over: Phases that have passed or are under way; their steps stay as they were.
        begun: Steps of later phases of which something is on record; they stay too.
    """
    kept, held = set(over), set(begun)
    steps: list[PlannedStep] = []
    for phase in ORDER:
        steps += old.of_phase(phase) if phase in kept else _ahead(old, new, phase, held)
    owners = {step.plugin for step in steps if step.plugin} | set(new.closing)
    pins = {p.id: p for p in (*old.plugins, *new.plugins) if p.id in owners}
    pins |= {p.id: p for p in old.plugins if p.id in _owners(old, kept, held)}
    plugins = tuple(pins[name] for name in sorted(pins))
    return signed(new.model_copy(update={"steps": tuple(steps), "plugins": plugins}))


def _owners(plan: Plan, kept: set[Phase], held: set[str]) -> set[str | None]:
    """Return the plugins whose version is pinned by what has begun."""
    return {s.plugin for s in plan.steps if s.phase in kept or s.id in held}


def _ahead(old: Plan, new: Plan, phase: Phase, held: set[str]) -> list[PlannedStep]:
    """Return the steps of ``new`` in a phase ahead, and those of ``old`` that have begun."""
    stays = {s.id: s for s in old.of_phase(phase) if s.id in held}
    steps = [stays.get(s.id, s) for s in new.of_phase(phase)]
    there = {s.id for s in steps}
    for step in (s for s in stays.values() if s.id not in there):
        steps.insert(_place(old, steps, step), step)
    return steps


def _place(old: Plan, steps: list[PlannedStep], step: PlannedStep) -> int:
    """Return where ``step`` goes: behind the nearest step that preceded it in ``old``."""
    before = [s.id for s in old.steps[: old.steps.index(step)]]
    where = {s.id: n for n, s in enumerate(steps, 1)}
    return next((where[name] for name in reversed(before) if name in where), 0)
