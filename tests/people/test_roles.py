"""The table of roles and the rules say the same, and what is never is never."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from campaign.roster import NOON, OPENING
from cycle.stages import NOW, after, codes, cycle, parse_opening
from issue.life import DEFAULT, ISSUE, PEOPLE, SEALED

from engine.campaign.commands import CampaignCommand
from engine.campaign.decide import decide as decide_campaign, open_campaign
from engine.campaign.state import folded as campaign_of
from engine.cycle.commands import COMMAND, CycleCommand
from engine.cycle.decide import decide, open_cycle
from engine.cycle.errors import NotPermitted
from engine.cycle.evolve import folded
from engine.issue.bench import Bench
from engine.issue.decide import OWNERS_WORK, decide as decide_issue
from engine.issue.state import Draft, Explained, Measure
from engine.people.acts import BESIDE, CONTENT, words
from engine.people.permission import Thing, may
from engine.people.roles import (
    ACTS,
    APART,
    COMMANDS,
    GRANTED,
    ONLY,
    ROLES,
    ROW,
    allowed,
    barred,
)
from engine.policy.roles import MAY, Person, Role
from engine.refusal import Refused

CAMPAIGN = {
    f"campaign_{kind}" if kind in MAY else kind: member
    for member in get_args(CampaignCommand)
    for kind in (member.model_fields["kind"].default,)
}
KINDS = {member.model_fields["kind"].default: member for member in get_args(CycleCommand)}


def test_there_are_nineteen_roles_and_every_role_of_a_roster_is_one_of_them():
    assert len(ROLES) == 19
    assert set(ROW) - set(get_args(Role)) == {"issue_owner", "points_registrar", "operator"}
    assert set(get_args(Role)) <= set(ROW)
    assert len(ROW) == sum(len(row.ids) for row in ROLES)
    assert "issue_owner" not in GRANTED


def test_every_command_has_its_line_and_every_act_its_words():
    assert set(KINDS) == set(MAY)
    assert set(COMMANDS) == {*KINDS, *CAMPAIGN, "open_cycle", "open_campaign"}
    assert not set(BESIDE) & set(COMMANDS)
    assert all(words(act, "zh") != words(act, "en") for act in BESIDE)
    named = {act for row in ROLES for act in (*row.beside, *row.never)}
    assert named | set(ONLY) | set(APART) <= ACTS


def stranger_with(role):
    """A cycle that is not planned yet, with one person who holds nothing but ``role``."""
    state = folded(open_cycle(parse_opening({}), now=NOW))
    return replace(state, people={**state.people, "one": Person(id="one", roles=(role,))})


def permitted_by_rules(kind, role):
    command = KINDS[kind].model_construct(by="one", choice="retry", reason=SEALED)
    try:
        decide(stranger_with(role), command, now=NOW)
    except Refused as refused:
        return not any(isinstance(reason, NotPermitted) for reason in refused.reasons)
    return True


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_rules_and_table_agree_on_a_command_for_every_role(kind):
    by_rules = {role for role in get_args(Role) if permitted_by_rules(kind, role)}

    assert by_rules == {role for role in get_args(Role) if not may("one", role, kind, None)}


@pytest.mark.parametrize("act", sorted(CAMPAIGN))
def test_rules_and_table_agree_on_a_command_of_a_campaign_for_every_role(act):
    campaign = campaign_of(open_campaign(OPENING, now=NOON))
    command = CAMPAIGN[act].model_construct(
        by="one", bodies=(), body="c1", members=0, study=0, thought=0, action=0, to=NOON
    )

    def permitted(role):
        people = {**campaign.people, "one": Person(id="one", roles=(role,))}
        try:
            decide_campaign(replace(campaign, people=people), command, now=NOON)
        except Refused as refused:
            return "not_permitted" not in [reason.code for reason in refused.reasons]
        return True

    by_rules = {role for role in get_args(Role) if permitted(role)}
    assert by_rules == {role for role in get_args(Role) if not may("one", role, act, None)}


@pytest.mark.parametrize("role", get_args(Role))
def test_rules_and_table_agree_on_who_opens(role):
    alone = (Person(id="one", roles=(role,)),)
    for act, opening, open_ in (
        ("open_cycle", parse_opening({}), open_cycle),
        ("open_campaign", OPENING, open_campaign),
    ):
        try:
            open_(opening.model_copy(update={"people": alone, "by": "one"}), now=NOW)
            codes = []
        except Refused as refused:
            codes = [reason.code for reason in refused.reasons]

        assert ("not_permitted" in codes) == bool(may("one", role, act, None))


@pytest.mark.parametrize("role", sorted(ROW))
def test_no_role_may_do_what_it_may_never_do(role):
    assert not set(allowed(role)) & barred(role)


WORKED = Measure(content=SEALED, standard=SEALED, due=NOW.date(), done=True, evidence=(SEALED,))
BODIES = {
    "give_verdict": {"measure": 1, "verdict": "thorough"},
    "look_back": {"outcome": "holds", "evidence": SEALED},
    "decide_rating": {"outcome": "stands", "reason": SEALED},
    "decide_objection": {"outcome": "upheld", "reason": SEALED},
    "answer_explanation": {"outcome": "accepted"},
    "clear_notice": {"outcome": "cleared"},
    "post_notice": {"audience": "public", "first": "2021-08-02", "last": "2021-08-09"},
}  # fmt: skip
STAGES = {
    "give_verdict": "verifying", "look_back": "closed", "approve_issue": "mass_review",
    "decide_rating": "mass_review", "decide_objection": "noticed",
    "answer_explanation": "explaining", "clear_notice": "mass_review",
    "post_notice": "mass_review",
}  # fmt: skip


def as_part(part, person):
    """An issue in which ``person`` has exactly that part."""
    draft = Draft(by="pub", audience="public", first=NOW.date(), last=NOW.date())
    issue = replace(ISSUE, owner="own", critics=(), measures=(WORKED,), draft=draft)
    return {
        "none": issue,
        "owner": replace(issue, owner=person),
        "critic": replace(issue, critics=(person,)),
        "criticised": replace(issue, subject=person),
        "verifier": replace(issue, measures=(replace(WORKED, verified_by=(person,)),)),
        "approver": replace(issue, approvals=(("committee", person),)),
        "explainer": replace(issue, explained=Explained(by=person, answer_by=None)),
        "drafter": replace(issue, draft=replace(draft, by=person)),
        "clearer": replace(issue, draft=replace(draft, cleared_by=person)),
    }[part]


def apart_by_rules(act, part):
    """Whether the rules refuse ``act`` to somebody for a part in the issue."""
    person = next(p.id for p in PEOPLE.values() if p.holds(MAY[act]))
    issue = replace(as_part(part, person), status=STAGES[act])
    command = COMMAND.validate_python(
        {"kind": act, "by": person, "issue": 1, **BODIES.get(act, {})}
    )
    bench = Bench(by=person, people=PEOPLE, policy=DEFAULT, now=NOW)
    try:
        decide_issue(issue, command, bench)
    except Refused as refused:
        return "duties_not_separate" in [
            r.code for r in refused.reasons if r.facts.get("person") == person
        ]
    return False


PARTS = (
    "owner", "critic", "criticised", "verifier", "approver", "explainer", "drafter", "clearer",
)  # fmt: skip


@pytest.mark.parametrize("act", sorted(STAGES))
@pytest.mark.parametrize("part", PARTS)
def test_rules_and_table_keep_the_same_duties_apart(act, part):
    role = MAY[act][0]
    person = next(p.id for p in PEOPLE.values() if p.holds(MAY[act]))
    thing = Thing(parts={person: frozenset((part,))})
    against = [r for r in may(person, role, act, thing) if r.code == "part_bars"]

    assert not apart_by_rules(act, "none")
    assert apart_by_rules(act, part) == bool(against)


def test_nobody_reviews_a_self_examination_of_ones_own():
    handed_in = after(
        cycle(),
        ("file_plan", "m01", {"content": SEALED}),
        ("submit_self_exam", "m02", {"author": "m02", "content": SEALED}),
    )
    passed = {"factual": "pass", "accurate": "pass", "testable": "pass"}
    mine = Thing(parts={"m02": frozenset({"author"})})

    assert codes(handed_in, "review_self_exam", "m02", author="m02", **passed) == [
        "reviewer_is_author"
    ]
    (reason,) = may("m02", "committee_member", "review_self_exam", mine)
    assert reason.code == "part_bars"


def test_every_act_of_the_owner_alone_is_refused_to_another_by_the_table():
    for command in OWNERS_WORK:
        act = command.model_fields["kind"].default
        assert ONLY[act] == ("owner",)
        assert [r.code for r in may("m02", "member", act, Thing())] == ["part_needed"]
        assert not may("m02", "member", act, Thing(parts={"m02": frozenset({"owner"})}))


READ = {
    ("P05", "superior_officer", "read_criticism"): "role_may_never",
    ("P06", "branch_secretary", "read_talk"): "part_needed",
    ("P07", "guest_rep", "read_portrait"): "role_may_never",
    ("P07", "committee_member", "read_portrait"): "part_needed",
    ("P08", "guest_rep", "read_issue"): "role_may_not",
    ("P11", "branch_secretary", "read_appeal"): "role_may_not",
    ("1.5", "branch_secretary", "read_respondent"): "role_may_never",
    ("1.5", "superior_officer", "read_opinion"): "role_may_never",
    ("1.5", "teller", "read_ballot"): "role_may_never",
    ("1.5", "guidance_group", "close_issue"): "role_may_never",
    ("1.5", "leading_cadre", "open_meeting"): "role_may_never",
    ("1.5", "opinion_collector", "read_source"): "role_may_never",
}  # fmt: skip


@pytest.mark.parametrize(("case", "code"), READ.items(), ids=lambda c: str(c))
def test_a_forbidden_act_is_refused_with_its_reason(case, code):
    _, role, act = case

    (reason,) = may("m01", role, act, Thing())

    assert reason.code == code
    assert "m01" in str(reason) or role in str(reason)


def test_a_talk_is_read_by_the_two_and_a_portrait_by_subject_secretary_and_the_named():
    mine = Thing(parts={"m05": frozenset({"party", "subject"}), "m02": frozenset({"named"})})

    assert not may("m05", "member", "read_talk", mine)
    assert not may("m05", "member", "read_portrait", mine)
    assert not may("m02", "committee_member", "read_portrait", mine)
    assert not may("m01", "branch_secretary", "read_portrait", mine)


@pytest.mark.parametrize("act", sorted(CONTENT))
def test_p28_an_operator_sees_no_content(act):
    assert [r.code for r in may("ops", "operator", act, Thing())] == ["role_may_never"]


def test_a_delegate_stays_barred_from_what_the_own_role_may_never_do():
    own = ("guidance_group",)

    assert not may("gg", "branch_secretary", "close_issue", None)
    (reason,) = may("gg", "branch_secretary", "close_issue", None, own=own)
    assert (reason.code, reason.facts["role"]) == ("role_may_never", "guidance_group")


def test_an_unknown_act_or_role_is_named():
    assert [r.facts["name"] for r in may("m01", "chair", "sing", None)] == ["sing", "chair"]
