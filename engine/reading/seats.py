"""Where somebody stands when several cycles are shown together: by roles held that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.people.delegations import Delegations, Place
from engine.people.organisation import Organisation
from engine.people.permission import may
from engine.people.roles import RoleId
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
    places = tuple(delegations.places(reader, on=on))
    own = tuple(dict.fromkeys(p.standing.role for p in places if p.standing.giver is None))
    found = tuple(
        Seat(unit=place.unit, below=place.below)
        for place in places
        if _reads(organisation, reader, place, own, on)
    )
    if not found:
        refuse(_why(reader, own))
    return found


def _reads(
    organisation: Organisation, reader: str, place: Place, own: tuple[RoleId, ...], on: date
) -> bool:
    """Say whether the place reads counts; a lent one if its giver stands in that very unit."""
    role, giver = place.standing.role, place.standing.giver
    if giver is None:
        return not may(reader, role, ACT, None)
    there = organisation.memberships(person=giver, unit=place.unit, on=on)
    held = any(m.role == role for m in there)
    return held and not may(reader, role, ACT, None, own=own, giver=giver)


def _why(reader: str, own: tuple[RoleId, ...]) -> Iterator[Refused]:
    """Yield why not, in one answer for the unknown and for those without a role."""
    if not own:
        yield NoPlaceInTheTree(reader)
    for role in own:
        yield from may(reader, role, ACT, None)
