"""The rules of a campaign: three verbs in turn, counts that add up, an end with everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campaign.roster import BODIES, EVERY, NOON, OPENING

from engine.campaign.decide import decide, open_campaign
from engine.campaign.parse import enveloped, event_of, parse
from engine.campaign.rollup import rolled_up, waits_for
from engine.campaign.state import folded
from engine.policy.roles import Person
from engine.refusal import Refused


def events_of(*asked):
    """The events of a campaign in which everything ``asked`` was asked."""
    events = list(open_campaign(OPENING, now=NOON))
    for kind, body in asked:
        events += decide(folded(events), parse(kind, body), now=NOON)
    return events


def codes(asked, kind, **body):
    """Why the last one is refused."""
    with pytest.raises(Refused) as refusal:
        events_of(*asked, (kind, body))
    return [(r.code, r.facts.get("body")) for r in refusal.value.reasons]


def verb(kind, *bodies, by="sup"):
    return (kind, {"by": by, "bodies": bodies or EVERY})


ALL_DONE = [verb("file_body_plans"), verb("refine_body_plans"), verb("guide_bodies", by="gg")]


def search(body, members=10, **counts):
    entries = {"study": 4, "thought": 3, "action": 3} | counts
    return ("close_self_search", {"by": "lead", "body": body, "members": members, **entries})


def test_every_body_counts_once_in_its_tier():
    found = rolled_up(folded(events_of(verb("file_body_plans", *EVERY[:-1]))))

    assert [(t.tier, t.filed, t.bodies) for t in found.tiers] == [
        ("county", 2, 2), ("unit", 3, 3), ("college", 0, 1),
    ]  # fmt: skip
    assert (found.total.filed, found.total.bodies) == (5, 6)
    assert found.missing == {"filed": ("o1",), "refined": EVERY, "guided": EVERY}


def test_the_three_verbs_come_in_turn_and_once():
    assert codes([], "guide_bodies", by="sup", bodies=("c1",)) == [("out_of_turn", "c1")]
    again = codes(ALL_DONE[:1], "file_body_plans", by="sup", bodies=("c1", "u9"))

    assert again == [("out_of_turn", "c1"), ("unknown_body", "u9")]


def test_a_body_named_twice_is_said_so():
    assert codes([], "file_body_plans", by="sup", bodies=("c1", "c1")) == [
        ("named_twice", "c1")
    ]


def test_nobody_else_speaks_for_the_campaign_and_every_reason_is_told():
    wrong = codes([], "file_body_plans", by="gg", bodies=("x",))

    assert wrong == [("not_permitted", None), ("unknown_body", "x")]
    assert codes([], "report_campaign", by="who") == [
        ("unknown_campaigner", None), ("bodies_behind", None),
    ]  # fmt: skip


def test_counts_of_a_self_search_are_added_up_by_tier():
    found = rolled_up(folded(events_of(search("c1"), search("u1", 12, study=9))))

    assert found.tiers[0].search.model_dump() == {
        "bodies": 1, "too_few": 0, "members": 10, "study": 4, "thought": 3, "action": 3,
    }  # fmt: skip
    assert (found.total.search.members, found.total.search.study) == (22, 13)


def shown(*searches):
    """What the total and the tiers show of these searches, closed in this order."""
    found = rolled_up(folded(events_of(*searches)))
    return [(s.bodies, s.too_few, s.members, s.study) for s in (found.total.search, *(
        tier.search for tier in found.tiers
    ))]  # fmt: skip


def test_p03_no_two_looks_at_a_campaign_differ_by_the_entries_of_fewer_than_five():
    twelve, two, three = search("u1", 12, study=9), search("u2", 2), search("u3", 3)

    assert shown(twelve)[0] == (1, 0, 12, 9)
    assert shown(twelve, two)[0] == (2, 1, 12, 9)
    assert shown(twelve, two, three)[0] == (3, 0, 17, 17)


def test_p03_a_total_is_the_sum_of_its_tiers_lest_the_difference_show_what_one_holds():
    total, county, unit, _ = shown(search("c1", 3), search("u1", 4))

    assert (county, unit) == ((1, 1, 0, 0), (1, 1, 0, 0))
    assert total == (2, 2, 0, 0)


def test_every_member_who_took_part_has_an_entry_and_a_body_closes_once():
    asked = search("c1", 11)[1]

    assert codes([], "close_self_search", **asked) == [("entries_missing", "c1")]
    assert codes([search("c1")], "close_self_search", **asked) == [
        ("search_closed", "c1"), ("entries_missing", "c1"),
    ]  # fmt: skip


def test_it_is_reported_only_when_every_body_has_all_three_and_then_is_over():
    two = [*ALL_DONE[:2], verb("guide_bodies", *EVERY[1:])]
    over = [*ALL_DONE, ("report_campaign", {"by": "sup"})]
    with pytest.raises(Refused) as refusal:
        events_of(*two, ("report_campaign", {"by": "sup"}))

    assert refusal.value.facts == {"bodies": ("c1",)}
    assert ("campaign_over", None) in codes(over, "report_campaign", by="sup")
    assert "reported" in waits_for(folded(events_of(*over)))


def test_a_rehearsed_calendar_goes_forward_and_a_real_one_by_itself():
    later = NOON + timedelta(days=2)
    moved = folded(events_of(("advance_clock", {"by": "sup", "to": later})))
    real = open_campaign(OPENING.model_copy(update={"rehearsal_from": None}), now=NOON)
    turn = parse("advance_clock", {"by": "sup", "to": later})
    with pytest.raises(Refused) as refusal:
        decide(folded(real), turn, now=NOON)

    assert moved.clock_shift_s == timedelta(days=2).total_seconds()
    assert codes([], "advance_clock", by="sup", to=NOON - timedelta(1)) == [
        ("clock_goes_forward", None)
    ]
    assert refusal.value.code == "campaign_not_rehearsed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bodies": (*BODIES, BODIES[0])}, "bodies twice: c1"),
        ({"people": (*OPENING.people, OPENING.people[0])}, "people twice: sup"),
        ({"by": "gg"}, "gg may not open_campaign"),
        ({"people": (Person(id="a", roles=("member",)),)}, "sup may not open_campaign"),
    ],
)
def test_a_roster_that_cannot_work_opens_nothing(change, said):
    with pytest.raises(Refused, match=said):
        open_campaign(OPENING.model_copy(update=change), now=NOON)


def test_what_the_ledger_keeps_folds_back_to_the_same_campaign():
    events = events_of(*ALL_DONE, search("u2"))
    kept = [
        enveloped(event, campaign="city-2021", version=n, command="c")
        for n, event in enumerate(events, 1)
    ]

    assert folded(map(event_of, kept)) == folded(events)
    assert {e.stream for e in kept} == {"campaign/city-2021"}
