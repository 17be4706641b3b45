"""Which plugins do not take their events: since when, for whom, and how many wait."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pydantic import AwareDatetime

from engine.deliveries.outcomes import IN_LINE, Delivery, State
from engine.record import Record

NOT_TAKEN: tuple[State, ...] = ("failed", "dead")
UNDELIVERED: tuple[State, ...] = (*IN_LINE, "dead")


class Trouble(Record):
    """A plugin that did not take an event; ``waiting`` stand in line, ``given_up`` do not.

    ``error`` is that of the oldest event; ``since`` is unknown where it was noted by a
    version that did not write it down.
    """

    plugin: str
    version: str
    error: str
    units: tuple[str, ...]
    waiting: int
    given_up: int
    since: AwareDatetime | None = None


def troubles(letters: Iterable[Delivery]) -> dict[str, Trouble]:
    """Return the trouble of each plugin that has a failed or given-up event, by its id.

    ``letters`` are all that were not delivered, in the order of the ledger. Events behind
    a failed one of the same cycle wait for it and are counted.
    """
    ordered = sorted(letters, key=lambda letter: letter.plugin)
    grouped = {name: list(rows) for name, rows in groupby(ordered, lambda row: row.plugin)}
    return {
        name: _trouble(rows)
        for name, rows in grouped.items()
        if any(row.state in NOT_TAKEN for row in rows)
    }


def _trouble(rows: list[Delivery]) -> Trouble:
    failed = [row for row in rows if row.state in NOT_TAKEN]
    held = {row.cycle for row in failed}
    return Trouble.model_validate(
        {
            "plugin": failed[0].plugin,
            "version": failed[0].version,
            "error": failed[0].error,
            "units": sorted({row.unit for row in failed}),
            "waiting": sum(row.state != "dead" and row.cycle in held for row in rows),
            "given_up": sum(row.state == "dead" for row in rows),
            "since": min((row.failed_at for row in failed if row.failed_at), default=None),
        }
    )
