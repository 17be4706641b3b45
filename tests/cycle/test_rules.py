"""Rules of a cycle: given events, when a command, then events or every reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cycle.stages import (
    DELIVERIES,
    DOOR,
    MEMBERS,
    NOW,
    OPEN,
    SEALED,
    after,
    closed,
    codes,
    cycle,
    in_session,
    item,
    parse_opening,
    prepared,
    proof,
)

from engine.cycle.decide import decide, open_cycle
from engine.cycle.evolve import fold
from engine.cycle.parse import parse
from engine.cycle.quorum import at_least, more_than
from engine.cycle.timely import next_due, time_passed
from engine.policy.calendar import day_after, working_days
from engine.policy.pack import load_pack
from engine.refusal import Refused


def test_a_cycle_with_every_gate_passed_is_ready():
    assert prepared().status == "ready"


def test_every_open_gate_is_named_when_the_meeting_is_opened_too_early():
    state = after(cycle(), ("file_plan", "m01", {"content": SEALED}))

    assert (
        codes(state, "open_meeting", "m01", present=MEMBERS, chair="m01", recorder="m03")
        == ["gate_open"] * 6
    )


def test_the_day_is_refused_before_it_comes():
    early = NOW - timedelta(days=1)

    assert codes(prepared(), *OPEN[:2], now=early, **OPEN[2]) == ["day_not_come"]


def test_half_of_the_members_are_no_quorum():
    body = {"present": ["m01", "m03"], "chair": "m01", "recorder": "m03"}

    assert codes(prepared(), "open_meeting", "m01", **body) == ["quorum_missed"]


def test_rank_does_not_make_a_chair():
    body = {"present": MEMBERS, "chair": "m04", "recorder": "m03"}

    assert codes(prepared(), "open_meeting", "m01", **body) == ["may_not_chair"]


def test_p25_the_roll_is_frozen_at_the_opening_and_leaves_the_exempted_out():
    excused = {"member": "m05", "gate": "attendance", "reason": SEALED}
    state = after(prepared(), ("exempt_member", "sup", excused), OPEN)

    assert state.meeting.due == ("m01", "m02", "m03", "m04")


def test_the_agenda_has_one_order():
    state = after(prepared(), OPEN)

    assert codes(state, "start_item", "m03", item="mutual_criticism") == ["item_out_of_order"]
    state = after(state, item("study_texts"))
    assert codes(state, "start_item", "m03", item="secretary_report") == ["item_not_complete"]


def test_an_item_that_lacks_something_names_the_command_that_records_it():
    begun = after(prepared(), OPEN, item("study_texts"))
    report = after(begun, proof("study_texts"), item("secretary_report"))
    exams = after(report, proof("secretary_report"), item("self_criticism"))
    words = {"of": "m02", "critic": "m05", "aspect": "duty", "problem": SEALED}
    criticised = after(in_session(DOOR), ("record_criticism", "m03", words))
    speeches = after(in_session(DOOR), item("door.speeches"))

    for state, next_, command in (
        (begun, "secretary_report", "record_step"),
        (exams, "mutual_criticism", "deliver_self_exam"),
        (criticised, "door.speeches", "confirm_criticism"),
        (speeches, "superior_comment", "record_speech"),
    ):
        with pytest.raises(Refused, match=command):
            after(state, item(next_))


def test_the_branch_and_its_secretary_deliver_first():
    state = after(
        prepared(), OPEN, item("study_texts"), proof("study_texts"), item("secretary_report"),
        proof("secretary_report"), item("self_criticism"),
    )  # fmt: skip

    assert codes(state, "deliver_self_exam", "m03", author="m04") == ["out_of_turn"]
    assert len(after(state, *DELIVERIES).meeting.delivered) == 6


def test_mutual_criticism_is_of_somebody_else():
    said = {"critic": "m04", "of": "m04", "aspect": "study", "problem": SEALED}
    before = load_pack().model_copy(update={"criticism_of_others": False})

    assert codes(in_session(), "record_criticism", "m03", **said) == ["own_criticism"]
    assert after(in_session(policy=before), ("record_criticism", "m03", said)).criticisms


def test_a_criticism_without_suggestion_is_refused_at_confirmation_with_the_field():
    said = {"critic": "m04", "of": "m01", "aspect": "study", "problem": SEALED}
    state = after(in_session(), ("record_criticism", "m03", said))

    assert codes(state, "confirm_criticism", "m04", item=1) == ["field_missing"]
    assert codes(state, "confirm_criticism", "m01", item=1) == ["criticism_not_yours"]
    state = after(state, ("confirm_criticism", "m04", {"item": 1, "suggestion": SEALED}))
    assert after(state, ("reply_to_criticism", "m01", {"item": 1, "outcome": "contested"}))


def test_each_guest_speaks_once_and_in_turn_and_closing_names_who_has_not():
    state = prepared(DOOR)
    state = after(
        state,
        ("check_in_guest", "m03", {"guest": "g1"}),
        ("check_in_guest", "m03", {"guest": "g2"}),
    )
    for act in (OPEN, item("study_texts"), proof("study_texts"), item("secretary_report"),
                proof("secretary_report"), item("self_criticism"), *DELIVERIES,
                item("mutual_criticism"), item("door.speeches")):  # fmt: skip
        state = after(state, act)

    assert codes(state, "record_speech", "m03", guest="g2", content=SEALED) == ["out_of_turn"]
    state = after(state, ("record_speech", "m03", {"guest": "g1", "content": SEALED}))
    assert codes(state, "record_speech", "m03", guest="g1", content=SEALED) == ["already_done"]
    assert codes(state, "close_meeting", "m01") == ["speech_missing", "items_missing"]

    state = after(
        state, ("record_speech", "m03", {"guest": "g2", "content": SEALED}),
        ("check_out_guest", "m03", {"guest": "g2"}), item("superior_comment"),
        proof("superior_comment", "sup"), item("summary"), proof("summary"),
    )  # fmt: skip
    events = decide(state, parse("close_meeting", {"by": "m01"}), now=NOW)
    ended = next(e for e in events if e.kind == "MeetingClosed")
    assert (ended.invited, ended.spoke, ended.full_session) == (2, 2, 1)


def test_without_the_plugin_the_same_cycle_passes_without_the_step():
    assert closed().status == "rectifying"


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [((3, 1, 0), "carried"), ((2, 2, 0), "rejected"), ((2, 0, 2), "rejected")],
)
def test_a_motion_needs_more_than_half_of_those_due(votes, outcome):
    body = dict(zip(("yes", "no", "abstain"), votes, strict=True))
    command = parse("count_vote", {"by": "m03", "motion": "x", **body})

    assert decide(in_session(), command, now=NOW)[0].outcome == outcome


def test_more_votes_than_voters_are_refused():
    assert codes(in_session(), "count_vote", "m03", motion="x", yes=5, no=1) == [
        "too_many_votes"
    ]


def test_counts_of_a_batch_have_to_reconcile_with_every_reason_at_once():
    state = after(cycle(), ("file_plan", "m01", {"content": SEALED}))
    body = {"batch": "b", "channel": "form", "issued": 3, "returned": 5, "valid": 1}

    assert codes(state, "close_opinion_batch", "m04", **body) == ["not_reconciled"] * 2


def test_a_halt_keeps_everything_and_a_rerun_is_a_second_meeting():
    state = after(in_session(), ("halt_cycle", "gg", {"reason": SEALED}))
    assert codes(state, "close_meeting", "m01") == ["wrong_status"]

    again = {"meeting_on": "2021-08-06", "reason": SEALED}
    state = after(state, ("order_rerun", "sup", again))
    assert (state.status, len(state.meetings)) == ("rerun_ordered", 1)
    assert codes(state, *OPEN[:2], **OPEN[2]) == ["day_not_come"]

    state = after(state, OPEN, now=NOW + timedelta(days=7))
    assert [m.number for m in state.meetings] == [1, 2]
    assert state.meetings[0].delivered


def test_a_resumed_cycle_goes_on_where_it_was():
    state = after(
        in_session(), ("halt_cycle", "gg", {"reason": SEALED}), ("resume_cycle", "gg", {})
    )

    assert state.status == "convened"


def test_a_postponed_meeting_waits_for_its_new_day():
    state = after(
        prepared(), ("postpone_meeting", "gg", {"to": "2021-09-01", "reason": SEALED})
    )

    assert codes(state, *OPEN[:2], **OPEN[2]) == ["day_not_come"]


@pytest.mark.parametrize(
    ("kind", "by", "body"),
    [
        ("halt_cycle", "m01", {"reason": SEALED}),
        ("close_opinion_batch", "m01", {"batch": "b", "channel": "form"}),
        ("accept_filing", "m01", {}),
    ],
)
def test_a_wrong_role_is_refused_with_the_roles_that_may(kind, by, body):
    assert "not_permitted" in codes(
        after(cycle(), ("file_plan", "m01", {"content": SEALED})), kind, by, **body
    )


def test_a_stranger_is_refused_by_id():
    assert codes(prepared(), "halt_cycle", "x99", reason=SEALED) == ["unknown_person"]


FOUND = {"content": SEALED, "category": "study", "sources": ["form"]}


def test_an_issue_without_measure_keeps_the_lists_open():
    state = after(closed(), ("find_issue", "m04", FOUND), ("find_issue", "m04", FOUND))
    state = after(state, ("claim_issue", "m02", {"issue": 1}))

    assert codes(state, "complete_lists", "m02") == ["issues_unready"]
    assert codes(state, "claim_issue", "m03", issue=1) == ["already_claimed"]
    assert codes(state, "claim_issue", "m03", issue=9) == ["no_such_issue"]


def test_the_file_is_not_closed_over_an_open_issue_or_step():
    state = after(closed(), ("find_issue", "m04", FOUND))

    assert codes(state, "archive_cycle", "arc") == ["issues_open", "steps_missing"]


def test_a_members_own_issue_names_the_member():
    body = {**FOUND, "subject_kind": "member"}

    assert codes(closed(), "find_issue", "m04", **body) == ["field_missing"]


def test_only_a_rehearsal_has_a_calendar_to_move_and_only_forward():
    assert codes(prepared(), "advance_clock", "m01", to="2022-01-01T00:00:00Z") == [
        "not_a_rehearsal"
    ]
    rehearsal = cycle(rehearsal_from=NOW)
    assert codes(rehearsal, "advance_clock", "m01", to="2021-01-01T00:00:00Z") == [
        "clock_goes_forward"
    ]


def test_a_roster_that_cannot_work_is_refused_with_every_reason():
    people = [{"id": "m02", "roles": ["member"]}, {"id": "m02", "roles": ["member"]}]
    with pytest.raises(Refused) as refused:
        open_cycle(parse_opening({"people": people}), now=NOW)

    assert [r.code for r in refused.value.reasons] == [
        "bad_roster",
        "bad_roster",
        "not_permitted",
    ]


def test_time_alone_gives_an_unclaimed_issue_to_the_branch_and_closes_nothing():
    state = after(closed(), ("find_issue", "m04", FOUND))
    state = fold(state, time_passed(state, now=NOW + timedelta(days=9999)))

    assert next_due(state) > NOW + timedelta(days=9999)
    assert (state.issues[0].owner, state.issues[0].status) == ("m01", "claimed")


def test_shares_are_exact():
    assert [more_than(n, "1/2") for n in (9, 10)] == [5, 6]
    assert [at_least(n, "2/3") for n in (9, 10)] == [6, 7]


def test_a_notice_counts_working_days_and_ends_when_its_last_day_is_over_in_china():
    policy = load_pack()

    assert working_days(date(2021, 10, 8), date(2021, 10, 14), policy) == 5
    holiday = policy.model_copy(update={"holidays": (date(2021, 10, 11),)})
    assert working_days(date(2021, 10, 8), date(2021, 10, 14), holiday) == 4
    assert day_after(date(2021, 10, 15)) == datetime(2021, 10, 15, 16, tzinfo=UTC)
