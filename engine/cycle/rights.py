"""Rules of members' rights, dispatched: what is contested, verdicts, appeals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from engine.cycle import appeals, commands as c, errors, events as e, verdicts
from engine.cycle.state import Cycle
from engine.refusal import Refused, refuse

RightsCommand: TypeAlias = c.DecideCriticism | verdicts.VerdictCommand | appeals.AppealCommand


def decide(cycle: Cycle, command: RightsCommand, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    if cycle.pinned_policy.rights is None and not isinstance(command, c.TellVerdict):
        raise errors.RightsOff(cycle.pinned_policy.pack)
    if isinstance(command, c.DecideCriticism):
        refuse(_may_not_decide(cycle, command))
        decided = command.model_dump(exclude={"kind", "by"})
        return (e.CriticismDecided(**decided, at=now, by=command.by),)
    if isinstance(command, appeals.AppealCommand):
        return appeals.decide(cycle, command, now)
    return verdicts.decide(cycle, command, now)


def _may_not_decide(cycle: Cycle, command: c.DecideCriticism) -> Iterator[Refused]:
    yield from verdicts.outside(cycle, command.by)
    if command.item > len(cycle.criticisms):
        yield errors.NoSuchItem(command.item)
        return
    item = cycle.criticisms[command.item - 1]
    if item.reply != "contested" or item.decided is not None:
        yield errors.NotContested(f"criticism {command.item}")
