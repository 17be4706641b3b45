"""Who may keep people and accounts by the command line, and see the audit of readings.

``root`` is the machine's administrator: whoever owns the data folder. Everybody else comes
in as ``engine.cli.entering`` says; every function raises what those do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from engine.cli.entering import everywhere, oneself, visible
from engine.cli.parts import Parts
from engine.people.door import Denied
from engine.people.refusals import NoSuchToken

ROOT = "root"
AUDIT = ("read_audit",)
KEEPERS = ("manage_people", "manage_accounts")
PEOPLE = (*KEEPERS, "read_counts")


def manage(parts: Parts, act: str, units: Iterable[str | None], *, by: str) -> None:
    """Let ``by`` do ``act`` in every one of ``units``."""
    if (door := parts.door()) is None:
        return
    if by != ROOT:
        door.manage(parts.settings.credential, act, units, by=by)
    elif os.geteuid() not in (0, parts.settings.data_dir.stat().st_uid):
        raise Denied


def account(parts: Parts, person: str, *, by: str) -> None:
    """Let whoever keeps the accounts of all units of ``person`` go on; of none, ``root``."""
    manage(parts, "manage_accounts", units_of(parts, person) or (None,), by=by)


def token_for(parts: Parts, person: str, scopes: Iterable[str], *, by: str) -> None:
    """Let ``person`` make a token that opens no more than the one in use; else ``account``."""
    door = parts.door()
    if door is None or by != person:
        return account(parts, person, by=by)
    for scope in scopes:
        door.oneself(parts.settings.credential, person, scope)
    return None


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
