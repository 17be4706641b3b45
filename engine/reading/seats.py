"""Where somebody stands when several cycles are shown together: by roles held that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.people.delegations import Delegation, Delegations
from engine.people.organisation import Organisation
from engine.people.permission import may
from engine.people.roles import ROW, RoleId
from engine.reading.refusals import NoPlaceInTheTree
from engine.refusal import Refused, refuse
from engine.views.naming import Seat

ACT = "read_counts"


def seats(
    organisation: Organisation, delegations: Delegations, reader: str, *, on: date
) -> tuple[Seat, ...]:
    """Return the units ``reader`` stands in that day by a role that reads counts.

    A lent role counts where its giver holds it, and reaches no further: whoever stands in
    sees no name that the giver does not.

    Raises:
        Refused: nobody known, or no role there, or every role that reads no counts.
    """
    own = organisation.memberships(person=reader, on=on)
    roles = tuple(dict.fromkeys(m.role for m in own))
    against = {role: may(reader, role, ACT, None) for role in roles}
    found = [
        *(Seat(unit=m.unit, below=ROW[m.role].below) for m in own if not against[m.role]),
        *(
            Seat(unit=lent.unit)
            for lent in delegations.of(reader)
            if lent.delegate == reader and lent.holds(on)
            for role in _held(organisation, lent, on)
            if not may(reader, role, ACT, None, own=roles, giver=lent.giver)
        ),
    ]
    if not found:
        refuse(_why(reader, against))
    return tuple(found)


def _held(organisation: Organisation, lent: Delegation, on: date) -> Iterator[RoleId]:
    """Yield the lent roles that the giver holds in that very unit and day."""
    held = organisation.memberships(person=lent.giver, unit=lent.unit, on=on)
    yield from (m.role for m in held if m.role in lent.roles)


def _why(reader: str, against: dict[RoleId, tuple[Refused, ...]]) -> Iterator[Refused]:
    """Yield why not, in one answer for the unknown and for those without a role."""
    if not against:
        yield NoPlaceInTheTree(reader)
    for reasons in against.values():
        yield from reasons
