"""Whatever plugins contribute, no gate the prescribed plan closes is open for it."""

from __future__ import annotations

from cycle.stages import NOW, parse_opening
from hypothesis import given, settings
from plan.test_properties import offers

from engine.cycle.decide import open_cycle
from engine.cycle.evolve import fold, folded
from engine.cycle.gates import open_gates
from engine.cycle.planning import pin_plan
from engine.plan.merge import merge


def gates(contributions):
    """What each gate of a cycle planned with these lacks."""
    state = folded(open_cycle(parse_opening({}), now=NOW))
    state = fold(state, pin_plan(merge(contributions), now=NOW))
    return {gate.gate: set(gate.missing) for gate in open_gates(state)}


@settings(max_examples=100, deadline=None)
@given(offers)
def test_a_gate_lacks_at_least_what_it_lacks_without_any_plugin(contributions):
    found, prescribed = gates(contributions), gates(())

    assert prescribed
    assert all(lacks <= found[gate] for gate, lacks in prescribed.items())
