"""The whole life of an issue: claims, tracks, deadlines, dispositions, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from issue.life import DEFAULT, SEALED, Life, day, iso

from engine.issue.deadlines import overdue, standing
from engine.issue.events import IssueEvent
from engine.issue.evolve import PLACES


def test_every_kind_of_event_has_its_place():
    assert set(PLACES) == set(get_args(IssueEvent))


def test_an_issue_goes_from_found_to_signed_off_with_four_days_in_order():
    life = Life().closed()
    account = life.issue.account

    assert life.issue.status == "closed"
    days = [account.registered, account.reported, account.checked, account.cleared]
    assert days == sorted(days)
    assert not account.late


def test_every_claimed_issue_has_a_deadline():
    assert Life().claimed().issue.deadline.original == day(90)
    assert Life().claimed(track="immediate").issue.deadline.original == day(7)
    assert Life().claimed(track="immediate", due=iso(3)).issue.deadline.original == day(3)


def test_a_deadline_that_the_track_gives_says_by_which_rule_and_calendar():
    computed = Life().claimed().of("DeadlineSet")[0].computed

    assert (computed.day, computed.rule) == (day(90), "track_phased")
    assert computed.calendar.startswith("chinesecalendar-")
    assert Life().claimed(due=iso(9)).of("DeadlineSet")[0].computed is None


@pytest.mark.parametrize("due", [iso(-1), iso(8)])
def test_a_deadline_outside_its_track_is_refused(due):
    assert Life().refused("claim_issue", "own", track="immediate", due=due) == [
        "due_out_of_range"
    ]


def test_a_measure_after_the_deadline_of_its_issue_is_refused():
    life = Life().claimed(track="immediate")

    assert life.refused("add_measure", "own", content=SEALED, standard=SEALED, due=iso(8)) == [
        "due_out_of_range"
    ]


def test_nobody_claims_in_three_days_and_the_branch_has_it():
    life = Life().on(2)
    assert life.issue.owner is None

    claimed = life.on(3).of("IssueClaimed")[0]
    assert (claimed.owner, claimed.reason, claimed.to) == ("sec", "default_claim", ("sec",))
    assert life.issue.deadline.original == day(93)
    assert life.refused("claim_issue", "own") == ["already_claimed"]


def test_an_extension_is_asked_before_the_deadline_and_keeps_the_original():
    life = Life().claimed(due=iso(30))
    life.on(20).do("request_extension", "own", to=iso(60), percent=40, reason=SEALED)
    asked = life.of("ExtensionRequested")[0]
    life.do("decide_extension", "sup", outcome="granted", reason=SEALED)

    assert asked.decide_by.counted == 3
    deadline = life.issue.deadline
    assert (deadline.original, deadline.current, deadline.extensions) == (day(30), day(60), 1)


def test_late_long_third_and_foreign_extensions_are_refused_with_every_reason():
    life = Life().claimed(due=iso(30)).on(31)

    assert life.refused("request_extension", "oth", to=iso(90), percent=40, reason=SEALED) == [
        "not_the_owner",
        "extension_too_late",
        "extension_out_of_range",
    ]


def test_a_third_extension_is_refused():
    life = Life().claimed(due=iso(10))
    for to in (40, 70):
        life.on(to - 35).do("request_extension", "own", to=iso(to), percent=9, reason=SEALED)
        life.do("decide_extension", "sup", outcome="granted", reason=SEALED)

    assert life.refused("request_extension", "own", to=iso(80), percent=9, reason=SEALED) == [
        "too_many_extensions"
    ]


def test_an_extension_nobody_decides_is_said_once_to_the_superior():
    life = Life().claimed(due=iso(30))
    life.do("request_extension", "own", to=iso(40), percent=9, reason=SEALED).on(20)

    assert [e.to for e in life.of("ExtensionDecisionLate")] == [("sup", "own")]
    assert life.issue.extension.late


def test_the_ladder_tells_each_step_once_and_in_order_whenever_the_worker_wakes():
    asleep = Life().claimed().on(130)
    awake = Life().claimed()
    for hour in range(131):
        awake.on(hour)

    steps = [(e.step, e.to) for e in asleep.of("EscalationRaised")]
    assert steps == [(e.step, e.to) for e in awake.of("EscalationRaised")]
    assert steps == [
        (-20, ("own",)), (-10, ("own",)), (-3, ("own",)), (0, ("own", "sec")), (7, ("sup",)),
        (30, ("sup",)),
    ]  # fmt: skip


def test_a_short_deadline_is_not_reminded_of_days_before_it_began():
    life = Life().claimed(track="immediate").on(8)

    assert [e.step for e in life.of("EscalationRaised")] == [-3, 0]


def test_a_granted_extension_begins_the_ladder_anew():
    life = Life().claimed(due=iso(30)).on(28)
    life.do("request_extension", "own", to=iso(58), percent=9, reason=SEALED)
    life.do("decide_extension", "sup", outcome="granted", reason=SEALED).on(59)

    assert [e.step for e in life.of("EscalationRaised")] == [-20, -10, -3, -20, -10, -3, 0]


def test_who_hands_in_late_stays_late_for_ever():
    life = Life().planned(track="immediate").on(8)
    assert overdue(life.issue, day(8))
    life.applied()

    assert life.issue.account.late
    assert not overdue(life.issue, day(20))
    assert (
        life.judged()
        .asked()
        .accepted()
        .posted()
        .on(19)
        .do("close_issue", "sec")
        .issue.account.late
    )


def test_who_has_handed_in_is_not_reminded():
    life = Life().planned(track="immediate").applied().on(60)

    assert not life.of("EscalationRaised")
    assert standing(life.issue, day(60)) == "on_pace"


def test_what_the_public_rejects_is_at_work_again_and_everybody_is_called_back():
    life = Life().planned().applied().judged().asked()
    life.do("count_mass_review", "rep", very_satisfied=20, dissatisfied=20)
    due = life.of("DissatisfiedDue")[0]

    assert (life.issue.status, life.issue.rejected) == ("rectifying", 1)
    assert (due.count, due.due.day, due.due.counted) == (20, day(21), 15)
    assert life.refused("call_back", "com", persons=21, note=SEALED) == ["nobody_to_call_back"]
    life.do("call_back", "com", persons=19, note=SEALED).on(40)
    assert [e.count for e in life.of("CallBackLate")] == [1]
    assert life.do("call_back", "com", persons=1, note=SEALED).issue.call_backs is None


def test_a_contested_rating_is_decided_by_another_body_and_suspends():
    life = Life().planned().applied().judged().asked()
    life.do("count_mass_review", "rep", very_satisfied=36, dissatisfied=4)
    assert life.refused("contest_rating", "oth", reason=SEALED) == ["not_the_owner"]
    life.do("contest_rating", "own", reason=SEALED)

    assert life.refused("approve_issue", "com") == ["rating_under_review"]
    life.do("decide_rating", "sup", outcome="voided", reason=SEALED)
    assert life.refused("approve_issue", "com") == ["public_not_satisfied"]
    life.do("count_mass_review", "rep", very_satisfied=40)
    assert life.do("approve_issue", "com").issue.approvals == (("committee", "com"),)


def test_a_contested_rejection_that_is_voided_is_asked_again():
    life = Life().planned().applied().judged().asked()
    life.do("count_mass_review", "rep", very_satisfied=20, dissatisfied=20)
    life.do("contest_rating", "own", reason=SEALED)
    assert "rating_under_review" in life.refused("apply_sign_off", "own")

    life.do("decide_rating", "sup", outcome="voided", reason=SEALED)
    assert life.issue.status == "mass_review"


def test_a_rating_once_counted_is_not_counted_over():
    life = Life().planned().applied().judged().asked()
    life.do("count_mass_review", "rep", very_satisfied=36, dissatisfied=4)

    assert life.refused("count_mass_review", "rep", very_satisfied=40) == ["already_counted"]


def test_who_once_owned_a_problem_never_verifies_it():
    life = Life().do("claim_issue", "ver")
    life.do("hand_over_issue", "sec", successor="own", reason=SEALED)
    life.do("add_measure", "own", content=SEALED, standard=SEALED, due=iso(7)).applied()

    assert life.refused("give_verdict", "ver", measure=1, verdict="thorough") == [
        "duties_not_separate"
    ]


def test_what_is_overdue_may_still_be_given_a_measure():
    life = Life().planned().on(40)

    assert life.do("add_measure", "own", content=SEALED, standard=SEALED, due=iso(50)).issue


def test_a_measure_is_overdue_on_its_own_day_and_said_once():
    life = Life().planned().on(8).on(9).on(10)

    assert [(e.measure, e.due) for e in life.of("MeasureOverdue")] == [(1, day(7))]


def test_p18_two_persons_post_exactly_what_was_cleared_until_its_last_day():
    life = Life().planned().applied().judged().asked().accepted()
    window = {"audience": "public", "first": iso(0), "last": iso(9)}
    texts = dict.fromkeys(("problem", "measures", "responsible"), SEALED)
    assert life.refused("post_notice", "pub", **window) == ["notice_not_drafted"]
    life.do("draft_notice", "pub", **window, **texts)

    assert life.refused("post_notice", "pub", **window) == ["notice_not_cleared"]
    assert life.refused("clear_notice", "pub", outcome="cleared") == ["duties_not_separate"]
    life.do("clear_notice", "pri", outcome="cleared")
    assert life.refused("post_notice", "pub", **{**window, "last": iso(10)}) == [
        "not_the_draft"
    ]
    assert life.refused("post_notice", "pri", **window) == ["duties_not_separate"]
    life.do("post_notice", "pub", **window).on(10)
    assert life.kinds()[-2:] == ["NoticeExpired", "NoticeTakenDown"]


def test_p19_outside_the_branch_nobody_is_asked_or_told_about_a_member():
    life = Life(subject_kind="member", subject="oth", critics=()).planned().applied().judged()
    asked = {"scope": "residents", "affected": 40}
    assert life.refused("open_mass_review", "com", **asked) == ["scope_not_allowed"]
    life.do("open_mass_review", "com", **{**asked, "scope": "branch_members"}).accepted()
    window = {"first": iso(0), "last": iso(9)}
    texts = dict.fromkeys(("problem", "measures", "responsible"), SEALED)

    assert life.refused("draft_notice", "pub", audience="public", **window, **texts) == [
        "scope_not_allowed"
    ]
    life.do("draft_notice", "pub", audience="internal", **window, **texts)
    assert life.issue.draft.audience == "internal"


def test_a_blocked_draft_is_drafted_again():
    life = Life().planned().applied().judged().asked().accepted()
    window = {"audience": "public", "first": iso(0), "last": iso(9)}
    texts = dict.fromkeys(("problem", "measures", "responsible"), SEALED)
    life.do("draft_notice", "pub", **window, **texts)
    assert life.refused("clear_notice", "pri", outcome="blocked") == ["reason_missing"]
    life.do("clear_notice", "pri", outcome="blocked", reason=SEALED)

    assert life.refused("clear_notice", "pri", outcome="cleared") == ["notice_not_drafted"]


def test_an_upheld_objection_returns_to_verifying_and_a_rejected_one_does_not():
    life = Life().planned().applied().judged().asked().accepted().posted()
    life.do("raise_objection", "res", content=SEALED)
    assert "objection_open" in life.on(10).refused("close_issue", "sec")
    life.do("decide_objection", "sup", outcome="upheld", reason=SEALED)

    assert life.issue.status == "verifying"
    assert life.issue.measures[0].done
    assert not life.issue.measures[0].verified_by


def test_a_key_issue_is_checked_on_site_by_one_of_two():
    life = Life(severity="key").planned().applied()
    life.do("give_verdict", "ver", measure=1, verdict="thorough")
    life.do("give_verdict", "vet", measure=1, verdict="thorough")

    assert life.refused("open_mass_review", "com", scope="residents", affected=40) == [
        "not_on_site"
    ]


def test_severity_is_raised_and_never_lowered():
    life = Life().do("raise_severity", "com", reason=SEALED)

    assert life.issue.severity == "key"
    assert life.refused("raise_severity", "com", reason=SEALED) == ["already_key"]


def test_an_explanation_counts_when_those_who_asked_accept_it():
    life = Life().do("explain_issue", "col", answer=SEALED)
    assert life.refused("answer_explanation", "rep", outcome="declined") == ["reason_missing"]
    life.do("answer_explanation", "rep", outcome="declined", reason=SEALED)
    assert life.issue.status == "found"

    life.do("explain_issue", "col", answer=SEALED)
    assert not life.do("answer_explanation", "rep", outcome="accepted").issue.open
    assert standing(life.issue, day(1)) == "settled"


def test_who_owns_a_problem_does_not_accept_the_explanation():
    life = Life().claimed().do("explain_issue", "col", answer=SEALED)

    assert life.refused("answer_explanation", "own", outcome="accepted") == [
        "duties_not_separate"
    ]


def test_a_claimed_issue_is_withdrawn_by_the_superior_alone():
    assert Life().do("withdraw_issue", "col", reason=SEALED).issue.status == "withdrawn"

    life = Life().claimed()
    assert life.refused("withdraw_issue", "col", reason=SEALED) == ["withdrawal_needs_superior"]
    assert life.do("withdraw_issue", "sup", reason=SEALED).issue.status == "withdrawn"


def test_the_superior_rules_what_is_out_of_remit():
    life = Life().do("rule_out_of_remit", "sup", reason=SEALED)

    assert (life.issue.status, life.issue.open) == ("out_of_remit", False)


def test_a_transferred_issue_is_its_new_owners_and_never_its_judges():
    life = Life().planned().do("transfer_issue", "sec", owner="oth", reason=SEALED)
    assert life.refused("finish_measure", "own", measure=1, evidence=[SEALED]) == [
        "not_the_owner"
    ]

    judged = Life().planned().applied().judged()
    assert judged.refused("hand_over_issue", "sec", successor="ver", reason=SEALED) == [
        "duties_not_separate"
    ]


def test_the_long_term_track_has_milestones_reviews_and_a_yearly_approval():
    life = Life().planned()
    long = {"cause": "historical", "reason": SEALED}
    assert life.refused("make_long_term", "sup", **long) == ["milestone_missing"]
    life.do("add_milestone", "own", content=SEALED, due=iso(200)).do(
        "make_long_term", "sup", **long
    )

    assert standing(life.issue, day(500)) == "long_term"
    life.on(365)
    assert [(e.what, e.due) for e in life.of("LongTermReviewDue")] == [
        ("review", day(90)), ("approval", day(365)),
    ]  # fmt: skip
    life.do("review_long_term", "sup", note=SEALED).do(
        "reapprove_long_term", "sup", reason=SEALED
    )
    assert life.issue.long_term.review_due == day(455)
    assert not life.of("EscalationRaised")


def test_a_long_term_approval_nobody_renews_lapses_the_day_after_its_year():
    life = Life().planned().do("add_milestone", "own", content=SEALED, due=iso(200))
    life.do("make_long_term", "sup", cause="historical", reason=SEALED).on(365)
    assert not life.of("LongTermLapsed")

    assert [e.due for e in life.on(366).of("LongTermLapsed")] == [day(365)]
    assert standing(life.issue, day(366)) == "overdue"


def test_a_long_term_issue_is_signed_off_by_the_superior_with_a_reason():
    life = Life().planned().do("add_milestone", "own", content=SEALED, due=iso(80))
    life.do("make_long_term", "sup", cause="mechanism", reason=SEALED)
    assert "milestones_not_met" in life.do(
        "finish_measure", "own", measure=1, evidence=[SEALED]
    ).refused("apply_sign_off", "own")
    life.do("meet_milestone", "own", milestone=1, evidence=SEALED).do("apply_sign_off", "own")
    life.judged().asked().accepted()
    window = {"audience": "public", "first": iso(0), "last": iso(9)}
    texts = dict.fromkeys(("problem", "measures", "responsible"), SEALED)
    life.do("draft_notice", "pub", **window, **texts).do(
        "clear_notice", "pri", outcome="cleared"
    )
    assert life.refused("post_notice", "pub", **window) == ["not_approved"]
    life.do("approve_issue", "sup").do("post_notice", "pub", **window).on(10)

    assert life.refused("close_issue", "sec") == ["long_term_needs_superior"]
    assert life.refused("close_issue", "sup") == ["long_term_needs_superior"]
    assert life.do("close_issue", "sup", reason=SEALED).issue.status == "closed"


def test_a_cause_that_is_not_permitted_is_no_command():
    with pytest.raises(ValueError, match="cause"):
        Life().do("make_long_term", "sup", cause="too_hard", reason=SEALED)


def test_redo_sends_the_work_back_and_chase_leaves_it_where_it_is():
    redone = Life().planned().applied().do("issue_redo_notice", "sup", reason=SEALED)
    chased = Life().planned().applied().do("issue_chase_notice", "sup", reason=SEALED)

    assert (redone.issue.status, redone.issue.measures[0].done) == ("rectifying", False)
    assert redone.events[-1].to == ("own", "sec")
    assert (chased.issue.status, chased.issue.measures[0].done) == ("submitted", True)


def test_a_rebound_is_a_new_round_with_the_old_age_and_the_first_closing():
    life = Life().closed()
    found, closed = life.issue.found_at, life.issue.closed_at
    life.on(20).do("reopen_issue", "sup", cause="rebound", reason=SEALED)

    assert (life.issue.round, life.issue.found_at, life.issue.closed_at) == (2, found, closed)
    assert life.issue.deadline.original == day(110)
    assert standing(life.issue, day(20)) == "reopened"


def test_self_verification_and_verdicts_by_critics_are_refused():
    life = Life().planned().applied()

    for who in ("own", "oth"):
        assert life.refused("give_verdict", who, measure=1, verdict="thorough") == [
            "duties_not_separate"
        ]


def test_a_policy_of_the_first_version_knows_none_of_this():
    old = DEFAULT.model_copy(
        update={
            "tracks": None, "extensions": None, "ladder": (), "lights": (),
            "claim_default_days": None, "notice_two_persons": False,
            "dissatisfied_working_days": None,
        }
    )  # fmt: skip
    life = Life(old).planned().on(900)

    assert life.kinds() == ["IssueClaimed", "MeasureAdded"]
    assert replace(life.issue).deadline is None
