"""How events of talks change a cycle. Places facts, never refuses."""

from __future__ import annotations

from dataclasses import replace

from engine.cycle import events as e
from engine.cycle.state import Cycle, RequiredTalk, Talk
from engine.policy.calendar import local_day


def evolve_talks(
    cycle: Cycle, event: e.TalkRequired | e.TalkConfirmed | e.GateExempted
) -> Cycle:
    """Return the cycle with what ``event`` says of talks."""
    match event:
        case e.TalkRequired(member=member, talker=talker, at=at):
            due = RequiredTalk(member=member, talker=talker, on=local_day(at))
            again = "preparing" if cycle.status == "ready" else cycle.status
            return replace(cycle, status=again, required_talks=(*cycle.required_talks, due))
        case e.TalkConfirmed(talk=talk):
            return replace(cycle, talks={**cycle.talks, talk: _confirmed(cycle, event)})
        case e.GateExempted(member=member, gate="talks"):
            required = (
                replace(due, lifted=True) if due.member == member else due
                for due in cycle.required_talks
            )
            return replace(cycle, required_talks=tuple(required))
        case _:
            return cycle


def _confirmed(cycle: Cycle, event: e.TalkConfirmed) -> Talk:
    begun = Talk(
        pair=(event.by, event.other), held_on=event.held_on, after=len(cycle.required_talks)
    )
    talk = cycle.talks.get(event.talk, begun)
    held_on = min(event.held_on, talk.held_on or event.held_on)
    return replace(talk, confirmed_by=(*talk.confirmed_by, event.by), held_on=held_on)
