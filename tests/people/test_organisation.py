"""What the organisation promises, on every database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from people.conftest import DAY, SEALED, TREE, member

from engine.people.noted import recorded
from engine.people.organisation import Change, Changed, Membership, Named, Organisation
from engine.people.units import ABOVE, KIND, Unit
from engine.refusal import Refused


def codes(organisation, *, by="sup", **parts):
    with pytest.raises(Refused) as refused:
        organisation.apply(Change(**parts), by=by)
    return [reason.code for reason in refused.value.reasons]


def test_the_same_change_twice_does_nothing_the_second_time(organisation):
    again = Change(units=TREE, memberships=(member("m05"),))
    before = recorded(organisation.engine)

    assert organisation.apply(again, by="sup") == Changed(same=6)
    assert recorded(organisation.engine) == before


def test_a_dry_run_counts_and_writes_nothing(organisation):
    change = Change(memberships=(member("m07", role="recorder"), member("m05", last=DAY)))

    assert organisation.apply(change, by="sup", dry_run=True) == Changed(new=1, changed=1)
    assert organisation.roles("m07", "b2", on=DAY) == ("member",)
    assert organisation.apply(change, by="sup") == Changed(new=1, changed=1)
    assert organisation.roles("m07", "b2", on=DAY) == ("member", "recorder")


def test_a_role_holds_from_its_first_to_its_last_day(organisation):
    until = DAY + timedelta(days=3)
    organisation.apply(Change(memberships=(member("m05", last=until),)), by="sup")
    day = timedelta(days=1)

    assert organisation.roles("m05", "b2", on=until) == ("member",)
    assert organisation.roles("m05", "b2", on=until + day) == ()
    assert organisation.roles("m05", "b2", on=date(2019, 12, 31)) == ()


def test_a_superior_reaches_the_units_below_and_a_member_none_beside(organisation):
    above = Change(memberships=(member("sup", unit="nz"),))
    organisation.apply(above, by="sup")

    assert organisation.roles("sup", "b2", on=DAY) == ("superior_officer",)
    assert organisation.roles("sup", "nz", on=DAY) == ("member", "superior_officer")
    assert organisation.roles("sup", "xy", on=DAY) == ()
    assert organisation.roles("m01", "b1", on=DAY) == ()


def test_who_comes_back_has_two_spans_that_do_not_overlap(organisation):
    ended = member("m05", last=date(2022, 1, 1))
    back = member("m05", first=date(2024, 1, 1))
    organisation.apply(Change(memberships=(ended, back)), by="sup")

    assert len(organisation.memberships(person="m05")) == 2
    assert organisation.roles("m05", "b2", on=date(2023, 1, 1)) == ()
    assert codes(organisation, memberships=(member("m05", first=DAY),)) == [
        "membership_overlaps"
    ]


def test_every_reason_comes_at_once_and_nothing_is_written(organisation):
    change = {
        "units": (Unit(id="new", kind="branch", name="新", parent="nowhere"),),
        "memberships": (
            member("m05", role="issue_owner"),
            member("ghost", unit="none", first=DAY, last=date(2025, 1, 1)),
        ),
    }

    assert codes(organisation, **change) == [
        "unit_misplaced", "no_such_role", "no_such_unit", "no_such_person", "dates_reversed",
    ]  # fmt: skip
    assert "new" not in organisation.units()


def test_a_tree_has_no_circle_and_no_city_below_a_county(organisation):
    moved = Unit(id="hb", kind="province", name="湖北", parent="nz")

    assert codes(organisation, units=(moved,)) == ["unit_misplaced"] * 3
    assert codes(organisation, units=(Unit(id="c2", kind="city", name="市", parent="nz"),)) == [
        "unit_misplaced"
    ]
    assert set(ABOVE) == set(KIND)


def test_what_was_done_is_on_record_by_ids(organisation):
    (first,) = recorded(organisation.engine)

    assert (first.by, first.act, first.detail) == ("sup", "apply", {"new": 16, "changed": 0})


def test_a_name_never_reaches_a_table_of_people(organisation):
    with pytest.raises(ValueError, match="name"):
        Named(id="m09", name="张三")
    assert organisation.person("m05") == Named(id="m05", name=SEALED)
    assert organisation.person("nobody") is None


def test_two_processes_may_open_the_database_at_once(database, clock):
    assert Organisation(database, clock).units() == {}
    tables = sa.inspect(database).get_table_names()
    assert {"people_unit", "people_person", "people_membership", "people_record"} <= set(tables)


def test_a_membership_says_whether_it_holds():
    assert Membership(person="m", unit="u", role="member", first=DAY).holds(DAY)
