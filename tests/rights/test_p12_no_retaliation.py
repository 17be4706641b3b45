"""P12: whoever was criticised verifies, assesses, registers or approves no critic of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from cycle.stages import MEMBERS, NOW, SEALED, after, codes, parse_opening
from hypothesis import given, settings, strategies as st
from rights.free import FREE
from rights.ground import (
    MORE,
    criticised,
    criticising,
    days,
    ended,
    evaluated,
    proposed,
)

from engine.cli.cycles import shielded as with_shields
from engine.cycle.decide import decide, open_cycle
from engine.cycle.evolve import folded
from engine.cycle.parse import parse
from engine.cycle.shield import SHIELDED, carried, left_out
from engine.cycle.state import Criticism
from engine.issue.state import Draft, Explained, Issue, LongTerm, MassReview
from engine.policy.calendar import local_day
from engine.policy.pack import load_pack
from engine.policy.roles import MAY, Person, Shield
from engine.refusal import Refused

OFFICES = (
    "committee_member", "verifier", "superior_officer", "mass_rep", "privacy_officer",
    "recorder", "opinion_collector",
)  # fmt: skip
EVERYBODY = [
    {"id": m, "roles": sorted({*MORE[m], *OFFICES})}
    if m != "m05"
    else {"id": m, "roles": MORE[m]}
    for m in MEMBERS
]
OUTSIDERS = [{"id": i, "roles": r} for i, r in MORE.items() if i not in MEMBERS]
ALL_ROUND = [*EVERYBODY, *OUTSIDERS]
"""Members who may do everything but for the shield."""

AFTER = evaluated(people=ALL_ROUND)
BEFORE = replace(AFTER, status="preparing")
EARLY = ("review_self_exam", "exempt_member", "require_talk", "record_member_step")
"""Acts that belong before the meeting."""

PASSED = dict.fromkeys(("factual", "accurate", "testable"), "pass")
BODIES = {
    "review_self_exam": {"author": "?", **PASSED},
    "exempt_member": {"member": "?", "gate": "study", "reason": SEALED},
    "require_talk": {"member": "?", "talker": "committee", "content": SEALED},
    "record_member_step": {"step": "portrait", "member": "?", "stage": "drafted"},
    "propose_verdict": {"member": "?", "grade": "qualified", "content": SEALED},
    "give_verdict": {"issue": 1, "measure": 1, "verdict": "thorough"},
    "approve_issue": {"issue": 1},
    "approve_no_review": {"issue": 1},
    "decide_rating": {"issue": 1, "outcome": "stands", "reason": SEALED},
    "decide_objection": {"issue": 1, "outcome": "upheld", "reason": SEALED},
    "decide_extension": {"issue": 1, "outcome": "granted", "reason": SEALED},
    "make_long_term": {
        "issue": 1, "cause": "historical", "reason": SEALED,
    },
    "review_long_term": {"issue": 1, "note": SEALED},
    "reapprove_long_term": {"issue": 1, "reason": SEALED},
    "look_back": {"issue": 1, "outcome": "holds", "evidence": SEALED},
    "decide_verdict": {"member": "?", "outcome": "upheld", "reason": SEALED},
    "raise_severity": {"issue": 1, "reason": SEALED},
    "issue_redo_notice": {"issue": 1, "reason": SEALED},
    "issue_chase_notice": {"issue": 1, "reason": SEALED},
    "issue_slip": {"issue": 1, "reason": SEALED},
    "find_issue": {
        "content": SEALED, "category": "xue", "sources": ["superior"],
        "subject_kind": "member", "subject": "?",
    },
    "reopen_issue": {"issue": 1, "cause": "rebound", "reason": SEALED},
    "count_mass_review": {"issue": 1, "very_dissatisfied": 10},
    "clear_notice": {"issue": 1, "outcome": "blocked", "reason": SEALED},
    "rule_out_of_remit": {"issue": 1, "reason": SEALED},
    "withdraw_issue": {"issue": 1, "reason": SEALED},
    "answer_explanation": {"issue": 1, "outcome": "declined", "reason": SEALED},
    "close_issue": {"issue": 1, "reason": SEALED},
}  # fmt: skip
"""Every act that judges somebody, with ``?`` where the one judged is named."""


JUDGING = MAY.keys() - FREE.keys() - {"decide_criticism"}
"""Every act of the machine but those that judge nobody; of decide_criticism see below."""


def test_p12_every_act_either_judges_and_is_tried_or_has_a_reason_to_be_free():
    assert set(BODIES) == JUDGING
    assert MAY.keys() >= FREE.keys()
    assert {act.model_fields["kind"].default for act in SHIELDED} == {
        *JUDGING, "decide_criticism",
    }  # fmt: skip


LONG = LongTerm(
    cause="historical", review_due=date(2021, 9, 1), approved_until=date(2022, 7, 30)
)


def issue_of(owner, subject=None, **more):
    return Issue(
        number=1, content=SEALED, category="xue", sources=("form",), subject_kind="branch",
        subject=subject, critics=(), severity="normal", found_at=NOW, status="claimed",
        owner=owner, **more,
    )  # fmt: skip


def refused(state, kind, judge, person, now):
    """The codes against ``judge`` doing ``kind`` to ``person``."""
    body = {k: person if v == "?" else v for k, v in BODIES[kind].items()}
    try:
        decide(state, parse(kind, {"by": judge, **body}), now=now)
    except Refused as no:
        return [reason.code for reason in no.reasons]
    return []


pairs = st.lists(
    st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=12,
)


@settings(max_examples=400, deadline=None)
@given(
    here=pairs,
    before=st.lists(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS))),
    kind=st.sampled_from(sorted(JUDGING)),
    judge=st.sampled_from(MEMBERS[:4]),
    person=st.sampled_from(MEMBERS),
    later=st.integers(0, 400),
    as_subject=st.booleans(),
)
def test_p12_no_random_assignment_lets_the_criticised_judge_the_critic(
    here, before, kind, judge, person, later, as_subject
):
    until = date(2021, 7, 30) + timedelta(days=180)
    by = ("m05", person) if as_subject else (person,)
    issue = issue_of(*by, long_term=LONG)  # signing off judges only what is long-term
    state = replace(
        BEFORE if kind in EARLY else AFTER,
        criticisms=tuple(Criticism(critic=a, of=b, suggestion=None) for a, b in here),
        shields=tuple(Shield(critic=a, of=b, until=until) for a, b in before),
        issues=(issue,),
    )
    now = days(later)
    of_issue = "issue" in BODIES[kind]
    against = {person, "m05"} if of_issue and as_subject else {person}
    kept_off = {
        p
        for p in against
        if p != judge
        and ((p, judge) in here or ((p, judge) in before and local_day(now) <= until))
    }

    assert refused(state, kind, judge, person, now).count("shielded") == len(kept_off)


def test_p12_a_criticism_counts_from_the_moment_it_is_taken_down():
    taken = criticised(1, "m04", "m02")[:1]
    rerun = ("order_rerun", "sup", {"meeting_on": "2021-08-30", "reason": SEALED})
    state = after(criticising(*taken, people=ALL_ROUND), rerun)

    assert "shielded" in refused(state, "exempt_member", "m02", "m04", NOW)
    assert "shielded" not in refused(state, "exempt_member", "m04", "m02", NOW)


def test_p12_nobody_decides_what_a_critic_of_theirs_contests_or_said():
    decision = {"item": 1, "outcome": "upheld", "reason": SEALED}
    contested = evaluated(*criticised(1, "m04", "m03", "contested"))
    rights = load_pack().rights
    before = load_pack().model_copy(update={"rights": rights.model_copy(update={"edition": 1})})
    first = evaluated(*criticised(1, "m04", "m03", "contested"), policy=before)

    for critic in ("m03", "m04"):
        held = (Shield(critic=critic, of="sup", until=date(2022, 1, 1)),)
        state = replace(contested, shields=held)
        assert codes(state, "decide_criticism", "sup", **decision) == ["shielded"]
        assert after(state, ("decide_criticism", "gg", decision)).criticisms[0].decided
        old = after(replace(first, shields=held), ("decide_criticism", "sup", decision))
        assert old.criticisms[0].decided == "upheld"


def with_edition(number):
    rights = load_pack().rights.model_copy(update={"edition": number})
    return load_pack().model_copy(update={"rights": rights})


NEW = (
    "find_issue", "reopen_issue", "count_mass_review", "clear_notice", "rule_out_of_remit",
    "withdraw_issue", "answer_explanation", "close_issue",
)  # fmt: skip


@pytest.mark.parametrize("kind", NEW)
def test_p12_a_cycle_opened_before_keeps_the_edition_it_was_opened_with(kind):
    said = (Criticism(critic="m04", of="m02", suggestion=None),)
    issues = (issue_of("m04", long_term=LONG),)
    state = replace(AFTER, criticisms=said, issues=issues)
    before = replace(state, policy=with_edition(2))

    assert "shielded" in refused(state, kind, "m02", "m04", NOW)
    assert "shielded" not in refused(before, kind, "m02", "m04", NOW)


@pytest.mark.parametrize("kind", ["withdraw_issue", "rule_out_of_remit"])
def test_p12_nobody_throws_out_what_a_critic_of_theirs_raised(kind):
    state = replace(
        AFTER,
        criticisms=(Criticism(critic="m04", of="m02", suggestion=None),),
        issues=(replace(issue_of("m03"), critics=("m04",)),),
    )

    assert refused(state, kind, "m02", "m03", NOW) == ["shielded"]
    assert refused(state, kind, "sup", "m03", NOW) == []


def test_p12_nobody_declines_the_explanation_of_their_critic():
    explained = Explained(by="m04", answer_by=None)
    state = replace(
        AFTER,
        criticisms=(Criticism(critic="m04", of="m02", suggestion=None),),
        issues=(replace(issue_of(None), status="explaining", explained=explained),),
    )

    assert refused(state, "answer_explanation", "m02", "?", NOW) == ["shielded"]
    assert refused(state, "answer_explanation", "m03", "?", NOW) == []


def test_p12_signing_off_books_what_others_approved_but_for_a_long_term_issue():
    said = (Criticism(critic="m04", of="m02", suggestion=None),)
    state = replace(AFTER, criticisms=said, issues=(issue_of("m04"),))

    assert "shielded" not in refused(state, "close_issue", "m02", "m04", NOW)


def test_p12_where_all_whose_office_it_is_keep_off_the_superior_acts_in_their_place():
    notice = Draft(by="pub", audience="internal", first=NOW.date(), last=date(2021, 8, 20))
    asked = MassReview(scope="branch_members", min_sample=10, affected=10)
    ready = replace(issue_of("m04"), status="mass_review", review=asked, draft=notice)
    state = replace(ended(), issues=(ready,))
    officers = {"find_issue": ("m03", "m04"), "clear_notice": ("prv",)}
    people = {**state.people, "rep": Person(id="rep", roles=("mass_rep",))}
    state = replace(state, people=people)

    for kind, office in {**officers, "count_mass_review": ("rep",)}.items():
        kept = [p for p in office if p != "m04"]
        shields = tuple(Shield(critic="m04", of=p, until=date(2022, 1, 1)) for p in kept)
        held = replace(state, shields=shields)
        assert refused(state, kind, "sup", "m04", NOW) == ["only_in_place"]
        assert "shielded" in refused(held, kind, kept[0], "m04", NOW)
        assert refused(held, kind, "sup", "m04", NOW) == []


def test_p12_somebody_else_proposes_the_verdict_on_the_critic():
    state = evaluated(*criticised(1, "m04", "m02", "accepted"))

    assert codes(state, *proposed("m04")[:2], **proposed("m04")[2]) == ["shielded"]
    assert after(state, proposed("m04", by="m01")).proposals["m04"].grade == "qualified"


def test_p12_with_the_whole_committee_kept_off_the_superior_approves_in_its_place():
    state = ended(*criticised(1, "m04", "m02"))
    review = {"scope": "none_with_reason", "min_sample": 0, "affected": 0}
    ready = replace(
        issue_of("m04"),
        status="mass_review",
        review=MassReview(**review, no_review_approved=True),
    )
    approve = ("approve_issue", "sup", {"issue": 1})
    approved = after(replace(state, issues=(ready,)), approve).issue(1).approvals
    free = after(replace(state, issues=(replace(ready, owner="m03"),)), approve)

    assert approved == (("superior", "sup"), ("committee", "sup"))
    assert free.issue(1).approvals == (("superior", "sup"),)


def test_p12_a_cycle_leaves_its_shields_to_the_next_for_180_days_after_its_file_is_closed():
    closed = replace(ended(*criticised(1, "m04", "m02")), archived_on=date(2021, 9, 1))
    branch = replace(ended(*criticised(1, "m04", "branch")), archived_on=date(2021, 9, 1))
    last = date(2022, 2, 28)

    assert carried([closed, branch], last) == (Shield(critic="m04", of="m02", until=last),)
    assert carried([closed], last + timedelta(days=1)) == ()


def test_p12_a_running_cycle_shields_from_today():
    running = ended(*criticised(1, "m04", "m02"))

    (shield,) = carried([running], date(2022, 8, 1))
    assert shield.until == date(2022, 8, 1) + timedelta(days=180)


def test_p12_shields_of_two_cycles_ago_go_on_until_their_day():
    shields = (Shield(critic="m03", of="m01", until=date(2022, 1, 1)),)
    between = replace(ended(), shields=shields, archived_on=date(2021, 10, 1))

    assert carried([between], date(2021, 12, 1)) == shields


def test_p12_the_opening_takes_the_shields_of_the_units_real_cycles():
    running = ended(*criticised(1, "m04", "m02"))
    rehearsed = replace(ended(*criticised(1, "m03", "m01")), rehearsal=True)
    cycles = {"u": (running, rehearsed)}
    readings = SimpleNamespace(of_unit=cycles.__getitem__)
    parts = SimpleNamespace(readings=lambda: readings, clock=lambda: NOW)
    opening = with_shields(parts, parse_opening({"shields": ()}))
    state = folded(open_cycle(opening, now=NOW))

    assert [(s.critic, s.of) for s in state.shields] == [("m04", "m02")]
    rehearsal = parse_opening({"rehearsal_from": NOW})
    assert with_shields(parts, rehearsal).shields is None


def test_p12_an_opening_that_leaves_a_shield_out_or_ends_it_early_is_told_which():
    running, today = ended(*criticised(1, "m04", "m02")), date(2021, 8, 1)
    (taken,) = carried([running], today)
    short = taken.model_copy(update={"until": today})

    missing = [(why.critic, why.of) for why in left_out([running], (), today)]
    assert missing == [("m04", "m02")]
    assert [why.code for why in left_out([running], (short,), today)] == ["shield_left_out"]
    for day in (today, today + timedelta(days=1)):  # a worker that takes it the day after
        assert not list(left_out([running], (taken,), day))
    assert not list(left_out([replace(running, rehearsal=True)], (), today))


@pytest.mark.parametrize("kind", ["exempt_member", "propose_verdict"])
def test_p12_is_off_where_the_policy_has_no_rights(kind):
    off = load_pack().model_copy(update={"rights": None})
    state = replace(
        evaluated(people=ALL_ROUND, policy=off),
        criticisms=(Criticism(critic="m04", of="m02", suggestion=None),),
    )

    assert "shielded" not in refused(state, kind, "m02", "m04", NOW)
