"""The room of reading, put together over one vault and one ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.people.delegations import Delegations
from engine.people.organisation import Organisation
from engine.policy.calendar import local_day
from engine.reading.door import Door
from engine.reading.erasure import Erasure
from engine.reading.exports import Exports
from engine.reading.glass import Glass
from engine.reading.known import Known
from engine.vault.port import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The door, and what is lent when it is shut."""

    door: Door
    glass: Glass
    exports: Exports
    erasure: Erasure


def reading(
    vault: Vault, ledger: Ledger, organisation: Organisation, delegations: Delegations,
    clock: Callable[[], datetime] = wall_clock,
) -> Reading:  # fmt: skip
    """Return everything over ``vault`` and ``ledger``; roles as the organisation has them."""
    known = Known(organisation, delegations, lambda: local_day(clock()))
    glass, exports = Glass(vault, ledger, clock, known), Exports(ledger, clock)
    return Reading(
        door=Door(vault, ledger, glass, known),
        glass=glass,
        exports=exports,
        erasure=Erasure(vault, ledger, exports, known, clock),
    )
