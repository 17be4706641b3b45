"""Whoever stands in for a judge judges only what the rules would let them judge in person.

The rules hear only in whose name a command comes. So before it comes they are asked what
they would say to everybody behind that name: the delegate, and whomever he or she acted for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.cycle.commands import CycleCommand
from engine.cycle.decide import decide
from engine.cycle.shield import SHIELDED as KEPT_OFF
from engine.cycle.state import Cycle
from engine.cycle.timely import moment
from engine.people.roles import APART, ROW
from engine.policy.roles import Person
from engine.refusal import Refused

SHIELDED: frozenset[str] = frozenset(act.model_fields["kind"].default for act in KEPT_OFF)
JUDGING: frozenset[str] = SHIELDED | APART.keys() - {"acknowledge_appeal", "decide_appeal"}
"""Acts that keep duties or a critic and whoever was criticised apart.

Who appealed nobody knows, so appeals are not lent.
"""


def barred(cycle: Cycle, command: CycleCommand, other: str, *, wall: datetime) -> bool:
    """Say whether the rules have more against ``other`` than against the sender.

    ``other`` is taken to hold the sender's roles beside the own ones, rights of a member
    apart. ``wall`` is the moment by the wall clock.
    """
    sender = cycle.people.get(command.by)
    if sender is None:
        return True
    own = cycle.people.get(other)
    lent = tuple(role for role in sender.roles if not ROW[role].personal)
    roles = dict.fromkeys((*(own.roles if own else ()), *lent))
    if not roles:
        return True
    people = {**cycle.people, other: Person(id=other, roles=tuple(roles))}
    there, named = replace(cycle, people=people), command.model_copy(update={"by": other})
    now = moment(cycle, wall)
    return not _against(there, named, now) <= _against(cycle, command, now)


def _against(cycle: Cycle, command: CycleCommand, now: datetime) -> set[str]:
    try:
        decide(cycle, command, now=now)
    except Refused as refused:
        return {reason.code for reason in refused.reasons}
    return set()
