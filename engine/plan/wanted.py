"""Which of the plugins there are a cycle wants, as its opening says."""

from __future__ import annotations

from engine.plan.calls import Roster
from engine.plan.steps import Conflict, PluginId


def wanted(roster: Roster, names: tuple[PluginId, ...] | None) -> Roster:
    """Return ``roster`` with the plugins in ``names`` alone; None takes all but the opt-in.

    Those needed from above stay whatever an opening names. A plugin that is wanted and not
    there is a conflict, told in the plan.
    """
    if names is None:
        entries = tuple(e for e in roster.entries if not e.opt_in or e.pin.id in roster.needed)
        return roster.model_copy(update={"entries": entries})
    kept = {*names, *roster.needed}
    there = {entry.pin.id for entry in roster.entries}
    broken = {conflict.plugin for conflict in roster.conflicts}
    absent = sorted(set(names) - there - broken)
    return roster.model_copy(
        update={
            "entries": tuple(e for e in roster.entries if e.pin.id in kept),
            "conflicts": (
                *(c for c in roster.conflicts if c.plugin in kept),
                *(Conflict(code="plugin_failed", plugin=n, detail="not there") for n in absent),
            ),
        }
    )
