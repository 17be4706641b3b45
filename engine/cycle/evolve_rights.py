"""How events of members' rights change a cycle. Places facts, never refuses."""

from __future__ import annotations

from dataclasses import replace

from engine.cycle import events as e
from engine.cycle.state import Cycle, Proposal
from engine.policy.calendar import local_day


def evolve_rights(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    """Return the cycle with what ``event`` says of rights; unchanged when it says nothing."""
    match event:
        case e.CriticismDecided(item=number, outcome=outcome):
            item = replace(cycle.criticisms[number - 1], decided=outcome)
            before, after = cycle.criticisms[: number - 1], cycle.criticisms[number:]
            return replace(cycle, criticisms=(*before, item, *after))
        case e.VerdictProposed(member=member, grade=grade, at=at):
            proposal = Proposal(grade=grade, shown_on=local_day(at))
            return replace(cycle, proposals={**cycle.proposals, member: proposal})
        case e.VerdictReplied(member=member, outcome=outcome):
            answered = replace(cycle.proposals[member], reply=outcome)
            return replace(cycle, proposals={**cycle.proposals, member: answered})
        case e.VerdictDecided(member=member, outcome=outcome):
            decided = replace(cycle.proposals[member], decided=outcome)
            return replace(cycle, proposals={**cycle.proposals, member: decided})
        case e.CycleArchived(at=at):
            return replace(cycle, archived_on=local_day(at))
        case _:
            return cycle
