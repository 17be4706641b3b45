"""A role is lent for some days, to somebody who stays who he or she is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people.conftest import DAY, SEALED, TREE, member

from engine.people import permission
from engine.people.accounts import Accounts
from engine.people.delegations import Delegations, Standing
from engine.people.door import Denied, Door
from engine.people.noted import recorded
from engine.people.organisation import Change, Named
from engine.people.permission import Thing
from engine.people.tokens import Tokens
from engine.refusal import Refused

WEEK = DAY + timedelta(days=6)
SECRETARY = ("branch_secretary",)


@pytest.fixture
def delegations(organisation, clock):
    group = (Named(id="pgl", name=SEALED), Named(id="gg", name=SEALED))
    roles = (
        member("pgl", role="party_group_leader"),
        member("gg", unit="nz", role="guidance_group"),
    )
    organisation.apply(Change(persons=group, memberships=roles), by="sup")
    return Delegations(organisation, clock)


@pytest.fixture
def enter(delegations, clock):
    """Says in whose name ``m05`` does an act of the committee; the door may refuse."""
    engine = delegations._organisation.engine
    accounts, tokens = Accounts(engine, b"p" * 32, clock=clock), Tokens(engine, clock)
    accounts.open("m05", by="ops")
    held = tokens.make("m05", ["act"], days=9, by="ops")
    door = Door(accounts, tokens, delegations, {"c": "b2"}.get, clock=clock)
    return lambda by: door.enter_cycle(held, "open_mass_review", "c", by=by)


def lend(delegations, **changes):
    asked = {
        "giver": "m01", "delegate": "m02", "unit": "b2", "roles": SECRETARY, "first": DAY,
        "last": WEEK, "by": "m01", **changes,
    }  # fmt: skip
    return delegations.lend(**asked)


def codes(delegations, **changes):
    with pytest.raises(Refused) as refused:
        lend(delegations, **changes)
    return [reason.code for reason in refused.value.reasons]


def may(delegations, person, act, *, on=DAY, unit="b2", **parts):
    thing = Thing(parts={p: frozenset(has) for p, has in parts.items()})
    return delegations.may(person, act, unit, thing, on=on)


def test_a_delegate_acts_in_the_place_of_the_giver_for_those_days(delegations):
    assert [r.code for r in may(delegations, "m02", "open_meeting").against] == ["role_may_not"]
    lend(delegations)

    lent = Standing(role="branch_secretary", giver="m01")
    assert may(delegations, "m02", "open_meeting").standing == lent
    assert may(delegations, "m02", "open_meeting", on=WEEK).permitted
    assert not may(delegations, "m02", "open_meeting", on=WEEK + timedelta(days=1)).permitted
    assert not may(delegations, "m02", "open_meeting", unit="b1").permitted
    assert may(delegations, "m01", "open_meeting").standing == Standing(role="branch_secretary")


def test_an_own_role_goes_before_a_lent_one(delegations):
    lend(delegations)

    assert may(delegations, "m02", "open_mass_review").standing == Standing(
        role="committee_member"
    )


def test_one_office_lent_by_two_is_acted_in_in_the_name_of_either(
    delegations, organisation, enter
):
    organisation.apply(Change(memberships=(member("m07", role="committee_member"),)), by="sup")
    for giver in ("m02", "m07"):
        lend(delegations, giver=giver, by=giver, delegate="m05", roles=("committee_member",))

    for giver in ("m02", "m07"):
        assert enter(giver) == "m05"
        last = recorded(organisation.engine, giver)[-1]
        assert (last.act, last.by, last.detail["did"]) == (
            "acted_for",
            "m05",
            "open_mass_review",
        )
    with pytest.raises(Denied):
        enter("m01")


def test_who_holds_an_office_acts_in_the_name_of_another_who_lent_it_too(
    delegations, organisation, enter
):
    for person in ("m05", "m07"):
        held = member(person, role="committee_member")
        organisation.apply(Change(memberships=(held,)), by="sup")
    lend(delegations, giver="m07", by="m07", delegate="m05", roles=("committee_member",))

    assert enter("m05") == enter("m07") == "m05"


@pytest.mark.parametrize(
    ("office", "unit", "act", "besides"),
    [
        ("superior_officer", "nz", "read_criticism", "recorder"),
        ("superior_officer", "nz", "read_ledger", "archivist"),
        ("superior_officer", "nz", "collect_opinions", "opinion_collector"),
        ("operator", "nz", "read_opinion", "opinion_collector"),
        ("operator", "nz", "collect_opinions", "opinion_collector"),
    ],
)
def test_p05_what_one_own_role_may_never_read_no_other_own_role_opens(
    delegations, organisation, office, unit, act, besides
):
    held = (member("m05", role=besides), member("m07", role=besides))
    organisation.apply(
        Change(memberships=(*held, member("m05", unit=unit, role=office))), by="sup"
    )

    assert may(delegations, "m07", act).permitted
    assert "role_may_never" in [r.code for r in may(delegations, "m05", act).against]
    assert delegations.reach("m07", (act,), on=DAY) == {"b2"}
    assert delegations.reach("m05", (act,), on=DAY) == frozenset()


def test_a_secretary_who_is_a_leading_cadre_opens_the_meeting_by_office(
    delegations, organisation
):
    organisation.apply(Change(memberships=(member("m01", role="leading_cadre"),)), by="sup")

    assert may(delegations, "m01", "open_meeting").permitted


def test_what_the_delegate_may_never_do_is_not_lent(delegations):
    lent, kept_back = lend(delegations, delegate="pgl")

    assert kept_back == {"close_issue"}
    assert may(delegations, "pgl", "open_meeting").permitted
    refused = may(delegations, "pgl", "close_issue")
    assert "role_may_never" in [r.code for r in refused.against]
    assert recorded(delegations._organisation.engine, "m01")[-1].detail["id"] == lent.id


def test_a_delegate_is_kept_from_what_the_giver_has_a_part_in(delegations):
    lend(delegations, giver="m02", delegate="m07", roles=("committee_member",), by="m02")

    assert may(delegations, "m07", "give_verdict").permitted
    assert not may(delegations, "m07", "give_verdict", m02=["owner"]).permitted
    assert not may(delegations, "m07", "give_verdict", m07=["critic"]).permitted


def test_what_is_ones_own_is_not_done_by_a_delegate(delegations):
    lend(delegations)

    for act in ("reply_to_criticism", "apply_sign_off", "record_member_step"):
        refused = may(delegations, "sup", act).against
        assert "act_is_personal" not in [r.code for r in refused]
        lent = [
            r.code for r in permission.may("sup", "branch_secretary", act, None, giver="m01")
        ]
        assert lent == ["act_is_personal"]


def test_where_duties_are_kept_apart_a_delegate_acts_only_in_a_known_matter(delegations):
    lend(delegations, giver="m02", delegate="m07", roles=("committee_member",), by="m02")
    unknown = delegations.may("m07", "give_verdict", "b2", None, on=DAY)

    assert "thing_unknown" in [r.code for r in unknown.against]
    assert delegations.may("m02", "give_verdict", "b2", None, on=DAY).permitted


def test_a_lent_role_ends_with_the_givers_own(delegations, organisation):
    lend(delegations)
    gone = member("m01", role="branch_secretary", last=DAY)
    organisation.apply(Change(memberships=(gone,)), by="sup")

    assert may(delegations, "m02", "open_meeting").permitted
    assert not may(delegations, "m02", "open_meeting", on=DAY + timedelta(days=1)).permitted


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"delegate": "m01"}, ["not_to_oneself"]),
        ({"delegate": "ghost"}, ["no_such_person"]),
        ({"by": "m05"}, ["lent_by_giver_alone"]),
        ({"by": "sup"}, ["lent_by_giver_alone"]),
        ({"giver": "m02", "delegate": "m07", "roles": ("committee_member",)},
         ["lent_by_giver_alone"]),
        ({"giver": "sup", "roles": ("superior_officer",)}, ["lent_by_giver_alone"]),
        ({"giver": "m05", "by": "m05"}, ["role_not_held"]),
        ({"roles": ("member",)}, ["role_is_personal"]),
        ({"last": DAY - timedelta(days=1)}, ["dates_reversed"]),
        ({"last": DAY + timedelta(days=183)}, ["delegation_too_long"]),
        ({"first": DAY - timedelta(days=1)}, ["in_the_past"]),
        ({"unit": "nowhere"}, ["no_such_unit"]),
        ({"delegate": "ghost", "by": "m07", "roles": ("member",)},
         ["no_such_person", "lent_by_giver_alone", "role_is_personal"]),
    ],
)  # fmt: skip
def test_p11_a_delegation_is_refused_with_every_reason(delegations, changes, reasons):
    assert codes(delegations, **changes) == reasons
    assert delegations.of("m01") == ()


def test_a_lent_role_is_not_lent_on(delegations):
    lend(delegations)

    assert codes(delegations, giver="m02", delegate="m07", by="m02") == ["role_not_held"]


def test_a_role_is_lent_to_one_at_a_time(delegations):
    lend(delegations)

    assert codes(delegations, delegate="m07", first=WEEK, last=WEEK) == ["delegation_overlaps"]
    later = WEEK + timedelta(days=1)
    lend(delegations, delegate="m07", first=later, last=later)


@pytest.mark.parametrize("by", ["m01", "m02", "sup"])
def test_giver_delegate_or_who_keeps_the_people_end_it_at_once(delegations, clock, by):
    lent, _ = lend(delegations)
    with pytest.raises(Refused):
        delegations.end(lent.id, by="m07")
    delegations.end(lent.id, by=by)

    assert not may(delegations, "m02", "open_meeting").permitted
    assert delegations.reach("m02", ("open_meeting",), on=DAY) == frozenset()
    assert not may(delegations, "m02", "open_meeting", on=DAY + timedelta(days=1)).permitted
    for _ in range(2):
        with pytest.raises(Refused):
            delegations.end(lent.id, by=by)
        clock.pass_(days=1)


def test_what_was_taken_back_is_kept_with_the_days_it_held(delegations, clock):
    lent, _ = lend(delegations)
    clock.pass_(days=2)
    delegations.end(lent.id, by="m01")

    (kept,) = delegations.of("m01")
    assert (kept.first, kept.last, kept.returned_at) == (
        DAY, DAY + timedelta(days=2), clock.now,
    )  # fmt: skip
    assert [kept.holds(DAY + timedelta(days=n)) for n in range(4)] == [True, True, False, False]
    acts = [noted.act for noted in recorded(delegations._organisation.engine, "m01")]
    assert acts == ["role_lent", "role_returned"]


def test_in_the_name_of_who_took_the_office_back_nothing_is_done(delegations, enter):
    lent, _ = lend(
        delegations, giver="m02", delegate="m05", roles=("committee_member",), by="m02"
    )
    assert enter("m02") == "m05"
    delegations.end(lent.id, by="m02")

    with pytest.raises(Denied):
        enter("m02")


def test_an_office_taken_back_is_lent_to_another_the_same_day(delegations):
    lent, _ = lend(delegations)
    delegations.end(lent.id, by="m01")
    lend(delegations, delegate="m07")

    assert may(delegations, "m07", "open_meeting").permitted
    assert not may(delegations, "m02", "open_meeting").permitted


def test_one_that_has_not_begun_is_struck_out(delegations):
    lent, _ = lend(delegations, first=WEEK)
    delegations.end(lent.id, by="m02")

    assert delegations.of("m01") == ()
    acts = [noted.act for noted in recorded(delegations._organisation.engine, "m01")]
    assert acts == ["role_lent", "role_returned"]


def test_who_has_no_role_in_the_unit_is_told_so(delegations):
    assert [r.code for r in may(delegations, "m05", "claim_issue", unit="b1").against] == [
        "no_role_here"
    ]


@pytest.mark.parametrize("act", ["read_lists", "read_counts", "manage_people", "open_meeting"])
def test_where_somebody_reaches_is_where_the_verdict_lets_them(delegations, act):
    lend(delegations)
    lend(delegations, giver="sup", delegate="m05", unit="nz", roles=("superior_officer",),
         by="sup")  # fmt: skip

    for person in ("m01", "m02", "m05", "m07", "sup", "gg", "pgl", "nobody"):
        reached = delegations.reach(person, (act,), on=DAY)
        assert reached == {
            unit.id
            for unit in TREE
            if delegations.may(person, act, unit.id, None, on=DAY).permitted
        }, person
