"""Nobody leaves an open issue without anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cycle.stages import cycle as new_cycle
from issue.life import ISSUE
from people.conftest import DAY, SEALED, member

from engine.people.delegations import Delegations
from engine.people.leaving import Departures, duties
from engine.people.noted import recorded
from engine.people.organisation import Change, Named
from engine.refusal import Refused

NEXT = DAY + timedelta(days=1)


def account_of(*issues):
    """A cycle of branch b2 with these issues."""
    numbered = tuple(replace(i, number=n) for n, i in enumerate(issues, 1))
    return replace(new_cycle(), id="c1", unit="b2", issues=numbered)


BRANCHS = replace(ISSUE, owner="m05", status="rectifying")
PERSONAL = replace(BRANCHS, subject_kind="member", subject="m05")
CLOSED = replace(BRANCHS, status="closed")
SETTLED = replace(BRANCHS, status="explained")
OTHERS = replace(BRANCHS, owner="m07")


class Office:
    """The organisation and what its views say."""

    def __init__(self, organisation, clock):
        self.books = [account_of(BRANCHS, PERSONAL, CLOSED, SETTLED, OTHERS)]
        self.organisation = organisation
        self.delegations = Delegations(organisation, clock)
        self.departures = Departures(organisation, self.delegations, self.cycles, clock)

    def cycles(self, unit):
        return [book for book in self.books if book.unit == unit]

    def leave(self, person="m05", unit="b2", *, by="m01", last=DAY, **how):
        return self.departures.leave(person, unit, last=last, by=by, **how)

    def refused(self, *whom, **how):
        before = self.organisation.memberships()
        with pytest.raises(Refused) as refused:
            self.leave(*whom, **how)
        assert self.organisation.memberships() == before
        return [reason.code for reason in refused.value.reasons]


@pytest.fixture
def office(organisation, clock):
    return Office(organisation, clock)


def test_what_is_open_and_ones_own_has_to_be_handed_over():
    assert [d.key for d in duties("m05", [account_of(BRANCHS, PERSONAL, CLOSED, OTHERS)])] == [
        "c1/1", "c1/2",
    ]  # fmt: skip


def test_on_a_transfer_personal_issues_go_along_and_branch_issues_stay(office):
    assert [d.key for d in office.departures.to_hand_over("m05", "b2", to="b1")] == ["c1/1"]
    assert office.refused(to="b1") == ["not_handed_over"]

    left = office.leave(to="b1", successors={"c1/1": "m07"})

    assert (left.along, left.named) == (("c1/2",), {"c1/1": "m07"})
    assert office.organisation.roles("m05", "b2", on=DAY) == ("member",)
    assert office.organisation.roles("m05", "b2", on=NEXT) == ()
    assert office.organisation.roles("m05", "b1", on=NEXT) == ("member",)


def test_without_a_transfer_personal_issues_need_a_successor_too(office):
    assert office.refused() == ["not_handed_over", "not_handed_over"]
    office.leave(successors={"c1/1": "m07", "c1/2": "m02"})


def test_what_was_handed_over_in_the_cycle_needs_no_naming(office):
    office.books = [account_of(OTHERS, CLOSED)]

    assert office.leave().named == {}


def test_a_named_successor_is_pending_until_the_cycle_has_it(office):
    office.leave(to="b1", successors={"c1/1": "m07"})
    ((duty, was, now),) = office.departures.pending()
    assert (duty.key, was, now) == ("c1/1", "m05", "m07")

    office.books = [account_of(OTHERS, PERSONAL)]
    assert office.departures.pending() == ()


@pytest.mark.parametrize(
    ("how", "reasons"),
    [
        ({"successors": {"c1/1": "m05", "c1/2": "m07"}}, ["not_to_oneself"]),
        ({"successors": {"c1/1": "sup", "c1/2": "m07"}}, ["successor_not_there"]),
        ({"successors": {"c1/1": "m07", "c1/2": "m07", "c1/5": "m07"}},
         ["nothing_to_hand_over"]),
        ({"last": DAY - timedelta(days=1), "to": "nowhere", "by": "m07"},
         ["no_such_unit", "in_the_past", "not_in_charge", "not_handed_over"]),
        ({"unit": "b1"}, ["no_such_membership", "not_in_charge"]),
    ],
)  # fmt: skip
def test_leaving_is_refused_with_every_reason_and_nothing_changes(office, how, reasons):
    assert office.refused(**how) == reasons


def test_a_branch_is_not_left_without_a_secretary(office, organisation):
    assert office.refused("m01", "b2") == ["no_secretary_left"]
    after = member("m02", role="branch_secretary", first=NEXT)
    organisation.apply(Change(memberships=(after,)), by="sup")

    office.leave("m01", "b2")
    assert organisation.roles("m02", "b2", on=NEXT) == ("branch_secretary", "committee_member")


def test_an_office_stays_behind_and_what_was_lent_ends(office, organisation):
    organisation.apply(Change(memberships=(member("m02", role="branch_secretary"),)), by="sup")
    asked = {"first": DAY, "last": DAY + timedelta(days=9), "by": "m01"}
    office.delegations.lend("m01", "m07", "b2", ("branch_secretary",), **asked)
    later = {**asked, "first": NEXT, "by": "m02"}
    office.delegations.lend("m02", "m01", "b2", ("committee_member",), **later)
    office.leave("m01", "b2", to="b1")

    assert organisation.roles("m01", "b1", on=NEXT) == ("member",)
    assert [d.last for d in office.delegations.of("m01")] == [DAY]


def test_who_comes_back_to_a_unit_begins_anew(office, organisation):
    earlier = member("m05", unit="b1", first=date(2018, 1, 1), last=date(2018, 12, 31))
    organisation.apply(Change(memberships=(earlier,)), by="sup")
    office.leave(to="b1", successors={"c1/1": "m07"})

    assert organisation.roles("m05", "b1", on=NEXT) == ("member",)


def test_leaving_is_on_record_with_what_went_along_and_who_was_named(office):
    office.leave(to="b1", successors={"c1/1": "m07"})
    (noted,) = recorded(office.organisation.engine, "m05")

    assert (noted.act, noted.by) == ("left", "m01")
    assert noted.detail == {
        "unit": "b2", "to": "b1", "last": "2026-03-02", "along": ["c1/2"],
        "named": {"c1/1": "m07"},
    }  # fmt: skip


def test_a_new_member_may_succeed_when_there_by_then(office, organisation):
    organisation.apply(
        Change(
            persons=(Named(id="new", name=SEALED),), memberships=(member("new", first=NEXT),)
        ),
        by="sup",
    )

    assert office.leave(to="b1", successors={"c1/1": "new"}).named == {"c1/1": "new"}
