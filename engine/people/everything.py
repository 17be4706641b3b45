"""All about people over one database, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.ledger.sql import wall_clock
from engine.people.accounts import Accounts
from engine.people.delegations import Delegations
from engine.people.identities import Identities
from engine.people.leaving import Cycles, Departures
from engine.people.organisation import Organisation
from engine.people.tables import opened
from engine.people.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Units, members, delegations, departures, accounts, tokens and identities."""

    organisation: Organisation
    delegations: Delegations
    departures: Departures
    accounts: Accounts
    tokens: Tokens
    identities: Identities
    cycles: Cycles


def open_people(
    url: str, pepper: bytes, cycles: Cycles, clock: Callable[[], datetime] = wall_clock
) -> People:
    """Return everything over the database at ``url``, its schema brought up to date.

    ``pepper`` is 32 bytes that stay the same; ``cycles`` gives a unit's cycles by the views.
    """
    engine = opened(url)
    organisation = Organisation(engine, clock)
    delegations = Delegations(organisation, clock)
    return People(
        organisation=organisation,
        delegations=delegations,
        departures=Departures(organisation, delegations, cycles, clock),
        accounts=Accounts(engine, pepper, clock=clock),
        tokens=Tokens(engine, clock),
        identities=Identities(engine, clock),
        cycles=cycles,
    )
