"""The gates before the meeting: what is still missing, by step of the pinned plan."""

from __future__ import annotations

from engine.cycle.commands import BRANCH_DOCUMENT
from engine.cycle.errors import GateOpen
from engine.cycle.members import unfinished_members
from engine.cycle.state import Cycle
from engine.cycle.talks import untalked
from engine.plan.steps import PlannedStep


def missing(cycle: Cycle, step: PlannedStep) -> tuple[str, ...]:
    """Return what keeps ``step`` from being done, as ids; nothing when it is done."""
    match step.id:
        case "study":
            return _unstudied(cycle)
        case "talks":
            return untalked(cycle)
        case "self_examination":
            return _unexamined(cycle)
        case _ if step.shape == "each_member":
            return unfinished_members(cycle, step)
        case _:
            return () if step.id in cycle.recorded else (step.id,)


def open_gates(cycle: Cycle) -> tuple[GateOpen, ...]:
    """Return every open gate before the meeting, in plan order."""
    gates = ((step.id, missing(cycle, step)) for step in cycle.pinned_plan.of_phase("before"))
    return tuple(GateOpen(gate, lacks) for gate, lacks in gates if lacks)


def due(cycle: Cycle) -> tuple[str, ...]:
    """Return the members due to attend: all but those exempted for age or illness."""
    return tuple(m for m in cycle.members() if not cycle.excused(m, "attendance"))


def _unstudied(cycle: Cycle) -> tuple[str, ...]:
    """A member has studied when every set book is ticked."""
    wanted = set(cycle.books)
    return tuple(
        m
        for m in cycle.members()
        if not cycle.excused(m, "study")
        and (m not in cycle.studied or not wanted <= set(cycle.studied[m]))
    )


def _unexamined(cycle: Cycle) -> tuple[str, ...]:
    approved = {a for a, exam in cycle.self_exams.items() if exam.status == "approved"}
    authors = (BRANCH_DOCUMENT, *cycle.members())
    return tuple(
        a for a in authors if a not in approved and not cycle.excused(a, "self_examination")
    )
