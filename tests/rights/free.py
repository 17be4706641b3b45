"""The acts of a cycle that judge nobody, each with why: P12 keeps nobody off them."""

from __future__ import annotations

WHOLE = "it is about the whole cycle or the whole branch, and about nobody in it"
OWN = "it is done in one's own matter"
COUNT = "it is a sum of answers or ballots without names"
TAKEN_DOWN = "it takes down what somebody did or said, and says nothing of its worth"
NOBODY_KNOWS = "who appealed stands in the sealed text alone"
ASSIGNS = "it says who does the work, and judges none"

FREE = {
    **dict.fromkeys(
        (
            "decide_plan", "replan", "file_plan", "accept_filing", "review_material",
            "record_step", "open_meeting", "start_item", "close_meeting", "complete_lists",
            "submit_report", "accept_report", "return_report", "archive_cycle",
            "postpone_meeting", "halt_cycle", "resume_cycle", "order_rerun", "advance_clock",
            "change_calendar",
        ),
        WHOLE,
    ),
    **dict.fromkeys(
        (
            "submit_self_exam", "confirm_criticism", "reply_to_criticism", "confirm_talk",
            "reply_to_verdict", "file_appeal", "report_retaliation", "add_measure",
            "report_progress", "finish_measure", "apply_sign_off", "add_milestone",
            "meet_milestone", "request_extension", "answer_slip", "contest_rating",
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            "close_opinion_batch", "complete_opinions", "count_vote", "open_poll",
            "close_poll", "count_poll",
        ),
        COUNT,
    ),
    **dict.fromkeys(
        (
            "hold_study", "deliver_self_exam", "record_criticism", "check_in_guest",
            "record_speech", "check_out_guest",
        ),
        TAKEN_DOWN,
    ),
    **dict.fromkeys(("acknowledge_appeal", "decide_appeal"), NOBODY_KNOWS),
    **dict.fromkeys(("claim_issue", "transfer_issue", "hand_over_issue"), ASSIGNS),
    "tell_verdict": "the words are those that were shown, and whoever tells chooses none",
    "strike_verdict": "it takes an appeal upheld, and it undoes what was against the member",
    "open_mass_review": "it asks the public; that nobody is asked the superior approves",
    "explain_issue": "it is an answer that others accept or decline",
    "merge_issue": "sources, critics, severity and deadline go along: nothing is lost",
    "call_back": "it records a duty done, and asks nothing of the owner",
    "draft_notice": "somebody else clears it",
    "post_notice": "it posts what somebody else has cleared",
    "raise_objection": "anybody may object; a supervisor decides",
}  # fmt: skip
"""Act to why whoever was criticised may do it in a critic's matter.

An act that is neither here nor tried in test_p12_no_retaliation.py fails the tests.
"""
