"""Where somebody stands in a roll-up: by own roles and lent ones, and no further than those."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from people.conftest import SEALED, TREE, member

from engine.people.delegations import Delegations
from engine.people.organisation import Change, Named, Organisation
from engine.people.roles import GRANTED, ROW, holders
from engine.people.tables import opened
from engine.reading.refusals import NoPlaceInTheTree
from engine.reading.seats import seats
from engine.refusal import Refused
from engine.views.naming import Seat

TODAY = date(2026, 3, 2)
STAFF = (
    member("m01", role="committee_member"), member("m02", unit="nz"),
    member("sup", unit="nz", role="superior_officer"),
    member("top", unit="hb", role="superior_officer"), member("res", role="resident"),
)  # fmt: skip


class Place:
    """A small organisation; ``seats`` asks it where somebody stands today."""

    def __init__(self, folder) -> None:
        self.organisation = Organisation(opened(f"sqlite:///{folder}/people.db"), self.now)
        self.delegations = Delegations(self.organisation, self.now)
        persons = tuple(
            Named(id=p, name=SEALED) for p in dict.fromkeys(m.person for m in STAFF)
        )
        self.add(*STAFF, units=TREE, persons=persons)

    def now(self):
        return datetime(2026, 3, 2, 1, tzinfo=UTC)

    def add(self, *memberships, **more):
        self.organisation.apply(Change(memberships=memberships, **more), by="sup")

    def lend(self, giver, delegate, unit, role):
        self.delegations.lend(giver, delegate, unit, [role], first=TODAY, last=TODAY, by=giver)

    def seats(self, reader, on=TODAY):
        return set(seats(self.organisation, self.delegations, reader, on=on))


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.organisation.engine.dispose()


@pytest.mark.parametrize("role", GRANTED)
def test_only_a_role_that_reads_counts_stands_anywhere(place, role):
    place.add(member("res", unit="xy", role=role))
    found = set()
    with suppress(Refused):
        found = place.seats("res")

    reads = role in holders("read_counts")
    assert found == ({Seat(unit="xy", below=ROW[role].below)} if reads else set())


def test_a_role_stands_on_its_days_alone(place):
    place.add(member("m02", unit="xy", first=date(2026, 1, 1), last=date(2026, 3, 1)))

    assert place.seats("m02", date(2026, 3, 1)) == {Seat(unit="nz"), Seat(unit="xy")}
    assert place.seats("m02") == {Seat(unit="nz")}


def test_an_office_further_up_gives_a_member_below_no_reach(place):
    place.add(member("top", unit="nz"))

    assert place.seats("top") == {Seat(unit="hb", below=True), Seat(unit="nz")}


def test_a_lent_office_stands_in_its_unit_and_reaches_no_further(place):
    place.lend("m01", "res", "b2", "committee_member")
    place.lend("sup", "m02", "nz", "superior_officer")

    assert place.seats("res") == {Seat(unit="b2")}
    assert place.seats("m02") == {Seat(unit="nz")}


def test_whoever_stands_in_sees_no_name_that_the_giver_does_not(place):
    place.lend("top", "m02", "b1", "superior_officer")

    assert place.seats("m02") == {Seat(unit="nz")}


@pytest.mark.parametrize(("reader", "on"), [("nobody", TODAY), ("sup", date(1999, 1, 1))])
def test_the_unknown_are_answered_like_those_without_a_role(place, reader, on):
    with pytest.raises(NoPlaceInTheTree, match=f"{reader} holds no role in any unit today"):
        place.seats(reader, on)


def test_whoever_reads_no_counts_is_told_who_does(place):
    with pytest.raises(Refused) as refused:
        place.seats("res")

    (reason,) = refused.value.reasons
    assert (reason.code, "superior_officer" in str(reason)) == ("role_may_not", True)
