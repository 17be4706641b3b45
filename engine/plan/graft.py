"""Take a newly composed plan into a cycle that is under way: only what lies ahead changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TypeAlias

from engine.plan.merge import signed, with_conflicts
from engine.plan.order import slot_name
from engine.plan.prescribed import PRESCRIBED
from engine.plan.steps import Conflict, Phase, Plan, PlannedStep, PluginPin

ORDER: tuple[Phase, ...] = ("before", "meeting", "after")

Gaps: TypeAlias = tuple[tuple[PlannedStep, ...], ...]
"""The local steps of a plan by gap; gap 0 lies before the first prescribed step."""


def taken_over(old: Plan, new: Plan, *, reached: Set[int], begun: Iterable[str]) -> Plan:
    """Return ``new`` with every gap that is reached as it stands in ``old``.

    What ``new`` would have changed there is named with its plugin, as ``slot_reached``.

    Args:
        old: The plan the cycle has followed so far.
        new: What would be planned today.
        reached: Gaps the cycle has come to; nothing in them changes or moves away.
        begun: Steps of later gaps of which something is on record; they stay too.
    """
    was, shall = gaps(old), gaps(new)
    stays = _staying(was, shall, reached, set(begun))
    at = {step.id: gap for gap in range(len(was)) for step in was[gap]}
    steps: list[PlannedStep] = []
    for gap in range(len(PRESCRIBED) + 1):
        here = [s for s in shall[gap] if s.id not in stays or at[s.id] == gap]
        steps += was[gap] if gap in reached else _ahead(old, was[gap], here, stays)
        steps += PRESCRIBED[gap : gap + 1]
    ahead = {"steps": tuple(steps), "plugins": _pins(old, new, steps, stays)}
    return with_conflicts(new.model_copy(update=ahead), _too_late(was, shall, reached))


def gaps(plan: Plan) -> Gaps:
    """Return the local steps of ``plan`` by the gap they stand in."""
    found: list[list[PlannedStep]] = [[]]
    for step in plan.steps:
        if step.origin == "prescribed":
            found.append([])
        else:
            found[-1].append(step)
    return tuple(tuple(steps) for steps in found)


def _staying(was: Gaps, shall: Gaps, reached: Set[int], begun: Set[str]) -> Set[str]:
    """Return the steps that stay: begun, in a gap reached, or about to move into one."""
    pinned = {step.id for steps in was for step in steps}
    moving = {step.id for gap in reached for step in shall[gap]} & pinned
    return (begun & pinned) | moving | {step.id for gap in reached for step in was[gap]}


def _too_late(was: Gaps, shall: Gaps, reached: Set[int]) -> Iterator[Conflict]:
    """Yield each step that would have come, gone or changed in a gap reached, once."""
    late: dict[str, Conflict] = {}
    for gap in sorted(reached):
        for step in _differing(was[gap], shall[gap]):
            conflict = Conflict(
                code="slot_reached", plugin=step.plugin or "", step=step.id,
                detail=slot_name(gap),
            )  # fmt: skip
            late.setdefault(step.id, conflict)
    yield from late.values()


def _differing(
    was: Sequence[PlannedStep], shall: Sequence[PlannedStep]
) -> Iterator[PlannedStep]:
    """Yield the steps that are not the same, or not in the same order, in both."""
    common = {s.id for s in was} & {s.id for s in shall}
    first, then = _outline(was, common), _outline(shall, common)
    for step in {s.id: s for s in (*was, *shall)}.values():
        if step.id not in common or first[step.id] != then[step.id]:
            yield step


def _outline(
    steps: Sequence[PlannedStep], common: Set[str]
) -> dict[str, tuple[int, PlannedStep]]:
    """Return step and place of the ``common`` ones; which rule placed them does not count."""
    shared = (s for s in steps if s.id in common)
    return {
        s.id: (place, s.model_copy(update={"decided_by": "id"}))
        for place, s in enumerate(shared)
    }


def grafted(old: Plan, new: Plan, *, over: Iterable[Phase], begun: Iterable[str]) -> Plan:
    """Return ``new`` with everything that is over or begun as it stands in ``old``.

    This is how a cycle whose policy does not know gaps is planned again.

    Args:
        old: The plan the cycle has followed so far.
        new: What would be planned today.
        over: Phases that have passed or are under way; their steps stay as they were.
        begun: Steps of later phases of which something is on record; they stay too.
    """
    kept, held = set(over), set(begun)
    steps: list[PlannedStep] = []
    for phase in ORDER:
        was, shall = old.of_phase(phase), new.of_phase(phase)
        steps += was if phase in kept else _ahead(old, was, shall, held)
    stays = held | {s.id for s in old.steps if s.phase in kept}
    plugins = _pins(old, new, steps, stays)
    return signed(new.model_copy(update={"steps": tuple(steps), "plugins": plugins}))


def _pins(
    old: Plan, new: Plan, steps: Iterable[PlannedStep], stays: Set[str]
) -> tuple[PluginPin, ...]:
    """Return who has a step or a say; what stays holds its plugin to the version it had."""
    owners = {step.plugin for step in steps if step.plugin} | set(new.closing)
    pins = {p.id: p for p in (*old.plugins, *new.plugins) if p.id in owners}
    bound = {s.plugin for s in old.steps if s.id in stays}
    pins |= {p.id: p for p in old.plugins if p.id in bound}
    return tuple(pins[name] for name in sorted(pins))


def _ahead(
    old: Plan, was: Sequence[PlannedStep], shall: Sequence[PlannedStep], held: Set[str]
) -> list[PlannedStep]:
    """Return the steps that ``shall`` be ahead, and those that ``was`` and are ``held``."""
    stays = {s.id: s for s in was if s.id in held}
    steps = [stays.get(s.id, s) for s in shall]
    there = {s.id for s in steps}
    for step in (s for s in stays.values() if s.id not in there):
        steps.insert(_place(old, steps, step), step)
    return steps


def _place(old: Plan, steps: list[PlannedStep], step: PlannedStep) -> int:
    """Return where ``step`` goes: behind the nearest step that preceded it in ``old``."""
    before = [s.id for s in old.steps[: old.steps.index(step)]]
    where = {s.id: n for n, s in enumerate(steps, 1)}
    return next((where[name] for name in reversed(before) if name in where), 0)
