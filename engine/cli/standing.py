"""How a cycle or an issue stands, for everybody who may look at it: no word about a person.

What is said here is chosen field by field. Who criticised whom, who has to talk with whom,
who was excused and which grade was proposed belong to those concerned, however it is asked.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.cycle.gates import open_gates
from engine.cycle.guests import invited
from engine.cycle.state import Cycle
from engine.cycle.waiting import waits_for
from engine.issue.signoff import unmet
from engine.issue.state import Issue
from engine.refusal import Refused

OF_PERSONS = ("subject", "critics", "criticism", "past_owners", "rejected_from")
"""Fields of an issue that tell who is criticised, by whom, or whose work was turned down."""


def of_cycle(cycle: Cycle) -> dict[str, Any]:
    """Return how ``cycle`` stands: states, days and counts."""
    plan = cycle.plan
    return {
        "id": cycle.id,
        "unit": cycle.unit,
        "status": cycle.status,
        "rehearsal": cycle.rehearsal,
        "meeting_on": cycle.meeting_on,
        "policy": cycle.policy.digest if cycle.policy else None,
        "plan": {
            "digest": plan.digest,
            "steps": [step.id for step in plan.steps],
            "plugins": [pin.model_dump(mode="json") for pin in plan.plugins],
            "conflicts": [conflict.model_dump(mode="json") for conflict in plan.conflicts],
        } if plan else None,
        "blocked": list(cycle.blocked),
        "waits": waits_for(cycle).split("\n\n")[1:],
        "gates": {gate.gate: len(gate.missing) for gate in open_gates(cycle)} if plan else {},
        "members": len(cycle.members()),
        "talks": sum(talk.counts for talk in cycle.talks.values()),
        "self_exams": sum(exam.status == "approved" for exam in cycle.self_exams.values()),
        "opinions": sum(batch.opinions for batch in cycle.batches.values()),
        "criticisms": len(cycle.criticisms),
        "invited": len(invited(cycle)) if plan else 0,
        "spoke": sum(bool(guest.spoke_in) for guest in cycle.guests.values()),
        "meetings": [{"due": len(m.due), "present": len(m.present)} for m in cycle.meetings],
        "issues": [
            {"issue": issue.number, "status": issue.status, "severity": issue.severity}
            for issue in cycle.issues
        ],
        "report_due": cycle.report_due,
        "archived_on": cycle.archived_on,
    }  # fmt: skip


def missing(cycle: Cycle, issue: Issue) -> tuple[Refused, ...]:
    """Return every reason why ``issue`` cannot be signed off; none once it was."""
    return () if issue.status == "closed" else unmet(issue, cycle.pinned_policy)


def of_issue(cycle: Cycle, issue: Issue) -> dict[str, Any]:
    """Return how ``issue`` stands, and what keeps it from being signed off."""
    told = {name: value for name, value in asdict(issue).items() if name not in OF_PERSONS}
    return {
        **told,
        "held": [finding.model_dump(mode="json") for finding in issue.held],
        "missing": [
            {"code": reason.code, "facts": reason.facts} for reason in missing(cycle, issue)
        ],
    }
