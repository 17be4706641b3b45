"""Why a contribution does not stand: one pass over those that still do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import TypeAlias

from engine.plan.order import edges, knots, phase_of, slot_of
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import Conflict, ConflictCode, Contribution, StepContribution
from engine.policy.roles import MAY

EDGES = 20
"""How many pairs of a knot are told with each of its steps; a plan has a limit."""

Found: TypeAlias = dict[str, Conflict]
"""Plugin id to the first reason why its contribution is refused."""


def refusals(standing: Sequence[Contribution]) -> Found:
    """Return the refusals of one pass; what stands alone is looked at before relations."""
    for look in (_alone, _duplicates, _unmet, _contradictions, _cycles):
        if found := _first_each(look(standing)):
            return found
    return {}


def _first_each(conflicts: Iterator[Conflict]) -> Found:
    found: Found = {}
    for conflict in conflicts:
        found.setdefault(conflict.plugin, conflict)
    return found


def _alone(standing: Sequence[Contribution]) -> Iterator[Conflict]:
    for contribution in standing:
        plugin = contribution.pin.id
        for step in contribution.steps:
            for code, detail in _faults(plugin, step):
                yield Conflict(code=code, plugin=plugin, step=step.id, detail=detail)
        own = {step.id for step in contribution.steps}
        for strange in sorted({i.step for i in contribution.invitations} - own):
            yield Conflict(code="unknown_step", plugin=plugin, step=strange)


def _faults(plugin: str, step: StepContribution) -> Iterator[tuple[ConflictCode, str]]:
    """Yield what is wrong with ``step`` whatever the others say."""
    if not step.id.startswith(f"{plugin}."):
        yield "id_not_namespaced", f"{plugin}."
    if step.anchor not in CORE_STEPS:
        yield "unknown_anchor", ", ".join(get_close_matches(step.anchor, CORE_STEPS))
    elif step.shape == "speakers" and phase_of(slot_of(step)) != "meeting":
        yield "misplaced_speakers", f"{step.side}:{step.anchor}"
    elif (step.shape == "each_member") is not bool(step.stages) or (
        step.stages and phase_of(slot_of(step)) == "meeting"
    ):
        yield "misplaced_stages", f"{step.side}:{step.anchor}"
    if step.role and step.role not in MAY["record_step"]:
        yield "role_may_not_record", step.role


def _duplicates(standing: Sequence[Contribution]) -> Iterator[Conflict]:
    """Yield steps contributed twice; names of one plugin's steps are its own."""
    for contribution in standing:
        named = sorted(step.id for step in contribution.steps)
        for step in sorted({one for one, other in pairwise(named) if one == other}):
            yield Conflict(code="duplicate_step_id", plugin=contribution.pin.id, step=step)


def _unmet(standing: Sequence[Contribution]) -> Iterator[Conflict]:
    known = {step.id for c in standing for step in c.steps} | set(CORE_STEPS)
    for contribution in standing:
        for step in contribution.steps:
            for wanted in sorted(set(step.requires) - known):
                yield Conflict(
                    code="missing_requirement",
                    plugin=contribution.pin.id,
                    step=step.id,
                    detail=wanted,
                )


def _contradictions(standing: Sequence[Contribution]) -> Iterator[Conflict]:
    """Yield relations across slots, or to prescribed steps, that point the wrong way."""
    steps = _by_id(standing)
    place = {core: 2 * index + 1 for index, core in enumerate(CORE_STEPS)}
    place |= {name: 2 * slot_of(step) for name, step in steps.items()}
    for name, step in steps.items():
        late = [other for other in step.after if place.get(other, -1) > place[name]]
        early = [o for o in step.before if place.get(o, place[name]) < place[name]]
        for other in (*late, *early):
            yield Conflict(
                code="order_contradiction", plugin=_owner(name), step=name, detail=other
            )


def _cycles(standing: Sequence[Contribution]) -> Iterator[Conflict]:
    """Yield every step that waits for itself, with who waits for whom in its knot."""
    steps = _by_id(standing)
    for knot in knots(steps):
        told = _shown(edges(steps, knot))
        for name in knot:
            yield Conflict(code="order_cycle", plugin=_owner(name), step=name, detail=told)


def _shown(pairs: Sequence[tuple[str, str]]) -> str:
    """Return ``a < b, b < a``: who comes before whom, the first of them if there are many."""
    told = ", ".join(f"{first} < {then}" for first, then in pairs[:EDGES])
    return f"{told} + {len(pairs) - EDGES}" if len(pairs) > EDGES else told


def _by_id(standing: Sequence[Contribution]) -> Mapping[str, StepContribution]:
    return {step.id: step for c in standing for step in c.steps}


def _owner(step: str) -> str:
    """Return the plugin of a step that has passed ``id_not_namespaced``."""
    return step.partition(".")[0]
