"""Who may keep people and accounts by the command line, and see the audit of readings.

``root`` is the machine's administrator: whoever owns the data folder. Everybody else comes
in as ``engine.cli.entering`` says; every function raises what those do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from engine.cli.entering import everywhere, one_denial, oneself, visible
from engine.cli.parts import Parts
from engine.people.appointing import Endings, Keeper
from engine.people.delegations import not_in_charge
from engine.people.door import Denied
from engine.people.importing import Checks
from engine.people.noted import Noted, recorded
from engine.people.refusals import (
    NoRoleHere,
    NoSuchPerson,
    NoSuchToken,
    NoSuchUnit,
    NotASession,
    OwnPassword,
)
from engine.people.tokens import is_token, prefix_of
from engine.policy.calendar import local_day
from engine.refusal import Refused, refuse

ROOT = "root"
AUDIT = ("read_audit",)
KEEPERS = ("manage_people", "manage_accounts")
PEOPLE = (*KEEPERS, "read_counts")
NOT_THERE = (NoSuchPerson, NoSuchUnit)


def manage(parts: Parts, act: str, units: Iterable[str | None], *, by: str) -> None:
    """Let ``by`` do ``act`` in every one of ``units``."""
    if (door := parts.door()) is None:
        return
    if by != ROOT:
        door.manage(parts.settings.credential, act, units, by=by)
    else:
        administrator(parts)


def appointing(parts: Parts, *, by: str) -> tuple[Checks, ...]:
    """Return what is asked of the roles that ``by`` gives and ends; ``root`` may give all."""
    people, door = parts.people(), parts.door()
    if door is None or by == ROOT:
        return (Endings(people.organisation, people.cycles, None).against,)
    reached = door.reach(parts.settings.credential, ("manage_people",), by=by)
    endings = Endings(people.organisation, people.cycles, people.organisation.today())
    return Keeper(by, reached).against, endings.against


def administrator(parts: Parts) -> None:
    """Let whoever owns the data folder go on as ``root``."""
    if os.geteuid() not in (0, parts.settings.data_dir.stat().st_uid):
        raise Denied


def account(parts: Parts, person: str, *, by: str) -> None:
    """Let whoever keeps the accounts of all units of ``person`` go on; of none, ``root``."""
    manage(parts, "manage_accounts", units_of(parts, person) or (None,), by=by)


def way_in(parts: Parts, person: str, *, by: str) -> None:
    """Let whoever keeps the account of somebody else open a way in that lasts.

    It needs a session: what is made with an API token is to end with that.

    Raises:
        OwnPassword: it is one's own.
        NotASession: an API token.
    """
    account(parts, person, by=by)
    if by != ROOT and parts.door():
        if by == person:
            raise OwnPassword
        if is_token(parts.settings.credential):
            raise NotASession


def token_for(parts: Parts, person: str, scopes: Iterable[str], *, by: str) -> str | None:
    """Let ``person`` make a token that opens no more than the one in use; else ``root``.

    Returns:
        The prefix of the API token it is made with; None for a session, and for ``root``.
    """
    door, credential = parts.door(), parts.settings.credential
    if by == ROOT:
        administrator(parts)
    elif door:
        if by != person:
            raise Denied
        for scope in scopes:
            door.oneself(credential, person, scope)
    return None if door is None or by == ROOT else prefix_of(credential)


def token_of(parts: Parts, prefix: str, *, by: str) -> None:
    """Let whoever has the token, or keeps the account, revoke it.

    Raises:
        NoSuchToken: there is none, and nobody needs to be let in.
    """
    every = parts.people().tokens.of()
    person = next((token.person for token in every if token.prefix == prefix), None)
    if person is None:
        raise Denied if parts.door() else NoSuchToken(prefix)
    if by == person:
        return oneself(parts, person, "act")
    return account(parts, person, by=by)


def about(parts: Parts, person: str | None, acts: Iterable[str]) -> None:
    """Let whoever may do one of ``acts`` in a unit of ``person``, or is it, go on.

    None is everybody, and takes every unit.
    """
    if parts.door() is None:
        return
    if person is None:
        everywhere(parts, acts)
    elif not any(map(visible(parts, acts), units_of(parts, person))):
        oneself(parts, person, "read")


def noted_of(parts: Parts, person: str) -> tuple[Noted, ...]:
    """Return what was done to ``person``, for the person and whoever keeps the people there.

    Colleagues see roles; when a password was set is none of theirs.
    """
    engine = parts.people().organisation.engine
    with suppress(Denied):
        oneself(parts, person, "read")
        return recorded(engine, person)
    with suppress(Denied):
        about(parts, person, KEEPERS)
        return recorded(engine, person)
    return ()


def in_charge(parts: Parts, person: str, unit: str, *, by: str) -> None:
    """Let the person, known in ``unit``, or whoever keeps the people there go on."""
    oneself(parts, by, "act" if by == person else "manage_people")
    if parts.door() is None:
        return
    organisation, today = parts.people().organisation, local_day(parts.clock())
    with one_denial(parts):
        known = unit in units_of(parts, by) or organisation.roles(by, unit, on=today)
        refuse(() if known else (NoRoleHere(by, unit),))
        refuse(not_in_charge(organisation, by, person, unit, on=today))


def lent(parts: Parts, id_: str, *, by: str) -> None:
    """Let giver and delegate of a delegation go on, and whoever may keep people."""
    concerned = any(held.id == id_ for held in parts.people().delegations.of(by))
    oneself(parts, by, "act" if concerned else "manage_people")


@contextmanager
def untold(parts: Parts) -> Iterator[None]:
    """Tell every reason but that a person or a unit is not there; that alone is a denial."""
    try:
        yield
    except Refused as refused:
        if parts.door() is None:
            raise
        told = (why for why in refused.reasons if not isinstance(why, NOT_THERE))
        refuse(told)
        raise Denied from None


def audit(parts: Parts, subject: str | None) -> None:
    """Let whoever may see who read what of ``subject``, a person or a cycle; None is all."""
    cycle = parts.readings().cycle(subject) if subject and parts.door() else None
    if cycle is None:
        return about(parts, subject, AUDIT)
    if not visible(parts, AUDIT)(cycle.unit):
        raise Denied
    return None


def units_of(parts: Parts, person: str) -> tuple[str, ...]:
    """Return the units ``person`` ever belonged to."""
    held = parts.people().organisation.memberships(person=person)
    return tuple(dict.fromkeys(m.unit for m in held))
