"""Say of each step of a plan where it comes from and which rule placed it."""

from __future__ import annotations

from engine.plan.steps import Plan
from engine.record import Record


class Row(Record):
    """One line of the explanation."""

    step: str
    phase: str
    origin: str
    plugin: str
    slot: str
    decided_by: str
    participants: int


def explain(plan: Plan) -> tuple[Row, ...]:
    """Return one row a step, in plan order."""
    return tuple(
        Row(
            step=step.id, phase=step.phase, origin=step.origin, plugin=step.plugin or "",
            slot=step.slot, decided_by=step.decided_by, participants=len(step.participants),
        )
        for step in plan.steps
    )  # fmt: skip
