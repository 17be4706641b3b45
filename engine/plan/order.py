"""Slots, the order inside one, and the knots that make an order impossible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from engine.plan.prescribed import CORE_STEPS, PRESCRIBED
from engine.plan.steps import DecidedBy, Phase, ScopeLevel, StepContribution

RANK: dict[ScopeLevel, int] = {"province": 0, "city": 1, "unit": 2}

PLACE: dict[str, int] = {name: place for place, name in enumerate(CORE_STEPS)}


def slot_of(step: StepContribution) -> int:
    """Return the gap ``step`` stands in: 0 lies before the first prescribed step.

    ``after`` a step and ``before`` its successor are the same gap.
    """
    return PLACE[step.anchor] + (step.side == "after")


def slot_name(slot: int) -> str:
    """Return the name of a gap, such as ``after:mutual_criticism``."""
    return f"after:{CORE_STEPS[slot - 1]}" if slot else f"before:{CORE_STEPS[0]}"


def phase_of(slot: int) -> Phase:
    """Return the phase of a gap: the meeting lies inside its opening and its closing."""
    if not slot:
        return PRESCRIBED[0].phase
    earlier, later = PRESCRIBED[slot - 1], PRESCRIBED[min(slot, len(PRESCRIBED) - 1)]
    return later.phase if earlier.id == "closing" else earlier.phase


def predecessors(steps: Mapping[str, StepContribution]) -> dict[str, set[str]]:
    """Return what must come before each step, looking among ``steps`` only."""
    earlier: dict[str, set[str]] = {name: set() for name in steps}
    for name, step in steps.items():
        earlier[name].update(other for other in step.after if other in steps)
        for other in step.before:
            if other in steps:
                earlier[other].add(name)
    return earlier


def arranged(
    steps: Sequence[StepContribution],
    scope: Mapping[str, ScopeLevel],
    fixed: Sequence[str] = (),
) -> list[tuple[StepContribution, DecidedBy]]:
    """Return ``steps`` of one slot in order, each with the rule that placed it.

    The steps must have no knot. Those an administrator ``fixed`` come first, in that
    order, as far as declared relations allow.
    """
    held = {step.id: step for step in steps}
    earlier = predecessors(held)
    place = {name: number for number, name in enumerate(fixed)}

    def rank(name: str) -> tuple[int, int, bytes]:
        return place.get(name, len(place)), RANK[scope[name]], name.encode()

    out: list[tuple[StepContribution, DecidedBy]] = []
    ranked = sorted(held, key=rank)
    waiting, scopes = dict.fromkeys(ranked), Counter(scope[name] for name in ranked)
    for first in _in_turn(ranked, earlier):
        rule: DecidedBy = "id"
        if earlier[first] or first != next(iter(waiting)):
            rule = "relation"
        elif first in place and len(waiting) > 1:
            rule = "roster"
        elif sum(map(bool, scopes.values())) > 1:
            rule = "scope"
        del waiting[first]
        scopes[scope[first]] -= 1
        out.append((held[first], rule))
    return out


def _in_turn(ranked: Sequence[str], earlier: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield each name once all that come ``earlier`` were; among those the first ranked."""
    number = {name: n for n, name in enumerate(ranked)}
    lacks = {name: len(earlier[name]) for name in ranked}
    later: dict[str, list[str]] = {name: [] for name in ranked}
    for name in ranked:
        for other in earlier[name]:
            later[other].append(name)
    free = [number[name] for name in ranked if not lacks[name]]
    while free:
        first = ranked[heappop(free)]
        yield first
        for name in later[first]:
            lacks[name] -= 1
            if not lacks[name]:
                heappush(free, number[name])


def knots(steps: Mapping[str, StepContribution]) -> list[tuple[str, ...]]:
    """Return the steps that wait for themselves, one tuple a strongly connected component.

    The whole component is named, so that no order of input favours one of its steps.
    Components lie inside a slot: a cycle across slots has an edge the wrong way.
    """
    earlier = predecessors(steps)
    if not _knotted(earlier):
        return []
    reach = {name: _reach(name, earlier) for name in earlier}
    found: dict[tuple[str, ...], None] = {}
    for name in sorted(earlier):
        if name in reach[name]:
            knot = (other for other in reach[name] if name in reach[other])
            found[tuple(sorted(knot))] = None
    return list(found)


def edges(steps: Mapping[str, StepContribution], knot: Sequence[str]) -> list[tuple[str, str]]:
    """Return which step of ``knot`` must come before which, in the order of their names."""
    earlier = predecessors({name: steps[name] for name in knot})
    return sorted((first, name) for name in knot for first in earlier[name])


def _knotted(earlier: Mapping[str, set[str]]) -> bool:
    """Say whether any step waits for itself; which ones is more work, and seldom asked."""
    waiting = {name: others for name, others in earlier.items() if others}
    try:
        TopologicalSorter(waiting).prepare()
    except CycleError:
        return True
    return False


def _reach(start: str, earlier: Mapping[str, set[str]]) -> set[str]:
    """Return everything that must come before ``start``; itself only in a cycle."""
    seen: set[str] = set()
    open_ = list(earlier[start])
    while open_:
        name = open_.pop()
        if name not in seen:
            seen.add(name)
            open_ += earlier[name]
    return seen
