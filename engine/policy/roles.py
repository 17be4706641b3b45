"""Who takes part in a cycle, and what each role may ask.

Source: domain roles 1.5; separation of duties is decided per issue, not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from engine.record import Id, Record

Role: TypeAlias = Literal[
    "branch_secretary",
    "committee_member",
    "party_group_leader",
    "member",
    "probationary_member",
    "leading_cadre",
    "recorder",
    "opinion_collector",
    "teller",
    "vote_monitor",
    "guest_rep",
    "mass_rep",
    "resident",
    "verifier",
    "superior_officer",
    "guidance_group",
    "publisher",
    "privacy_officer",
    "archivist",
    "appeal_reviewer",
]

MEMBERS: frozenset[Role] = frozenset(
    {"branch_secretary", "committee_member", "party_group_leader", "member", "leading_cadre"}
)


class Person(Record):
    """A person of the cycle by opaque id; the name is in the vault under the same id."""

    id: Id
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]

    def holds(self, wanted: Iterable[Role]) -> bool:
        """Say whether the person holds any role in ``wanted``."""
        return not set(wanted).isdisjoint(self.roles)


class Shield(Record):
    """Whom ``critic`` criticised in an earlier cycle: ``of`` keeps off them ``until`` then."""

    critic: Id
    of: Id
    until: date


BRANCH: tuple[Role, ...] = ("branch_secretary", "committee_member")
LEADERS: tuple[Role, ...] = (*BRANCH, "party_group_leader")
ANY_MEMBER: tuple[Role, ...] = (*sorted(MEMBERS), "probationary_member")
SUPERIOR: tuple[Role, ...] = ("superior_officer",)
SUPERVISORS: tuple[Role, ...] = ("superior_officer", "guidance_group")
SECRETARY: tuple[Role, ...] = ("branch_secretary",)
OUTSIDE: tuple[Role, ...] = (*SUPERVISORS, "appeal_reviewer")
"""Who decides what is contested; the rules also ask that they are not of the branch."""

REVIEWERS: tuple[Role, ...] = ("appeal_reviewer", *SUPERIOR)
RECORDERS: tuple[Role, ...] = ("recorder", "branch_secretary")

MAY: dict[str, tuple[Role, ...]] = {
    "decide_plan": SUPERVISORS,
    "replan": (*SECRETARY, *SUPERVISORS),
    "file_plan": SECRETARY,
    "accept_filing": SUPERIOR,
    "hold_study": BRANCH,
    "exempt_member": SUPERVISORS,
    "close_opinion_batch": ("opinion_collector",),
    "complete_opinions": ("opinion_collector",),
    "require_talk": BRANCH,
    "confirm_talk": ANY_MEMBER,
    "submit_self_exam": ANY_MEMBER,
    "review_self_exam": (*LEADERS, *SUPERVISORS),
    "review_material": SUPERVISORS,
    "record_step": (*RECORDERS, *SUPERVISORS, "publisher", "archivist"),
    "record_member_step": (*ANY_MEMBER, *SUPERVISORS, "recorder"),
    "open_meeting": SECRETARY,
    "start_item": RECORDERS,
    "deliver_self_exam": RECORDERS,
    "record_criticism": RECORDERS,
    "confirm_criticism": ANY_MEMBER,
    "reply_to_criticism": ANY_MEMBER,
    "decide_criticism": OUTSIDE,
    "check_in_guest": RECORDERS,
    "record_speech": RECORDERS,
    "check_out_guest": RECORDERS,
    "count_vote": ("teller",),
    "open_poll": ("teller",),
    "close_poll": ("teller",),
    "count_poll": ("teller",),
    "close_meeting": SECRETARY,
    "propose_verdict": (*BRANCH, *SUPERIOR),
    "reply_to_verdict": ANY_MEMBER,
    "decide_verdict": OUTSIDE,
    "tell_verdict": (*BRANCH, *SUPERIOR),
    "strike_verdict": REVIEWERS,
    "file_appeal": ANY_MEMBER,
    "report_retaliation": ANY_MEMBER,
    "acknowledge_appeal": REVIEWERS,
    "decide_appeal": REVIEWERS,
    "complete_lists": BRANCH,
    "submit_report": SECRETARY,
    "accept_report": SUPERIOR,
    "return_report": SUPERIOR,
    "archive_cycle": ("archivist", "branch_secretary"),
    "postpone_meeting": (*SECRETARY, *SUPERVISORS),
    "halt_cycle": SUPERVISORS,
    "resume_cycle": SUPERVISORS,
    "order_rerun": SUPERVISORS,
    "advance_clock": SECRETARY,
    "find_issue": ("opinion_collector", "recorder", *SUPERIOR),
    "claim_issue": ANY_MEMBER,
    "add_measure": ANY_MEMBER,
    "report_progress": ANY_MEMBER,
    "finish_measure": ANY_MEMBER,
    "apply_sign_off": ANY_MEMBER,
    "give_verdict": ("verifier", "committee_member", "superior_officer"),
    "open_mass_review": BRANCH,
    "count_mass_review": ("mass_rep", *SUPERIOR),
    "explain_issue": ("opinion_collector", *BRANCH),
    "answer_explanation": ("mass_rep", "resident", "guest_rep", *ANY_MEMBER),
    "merge_issue": ("opinion_collector", *SECRETARY),
    "rule_out_of_remit": SUPERIOR,
    "withdraw_issue": ("opinion_collector", *SUPERIOR),
    "transfer_issue": SECRETARY,
    "hand_over_issue": SECRETARY,
    "raise_severity": (*BRANCH, *SUPERVISORS),
    "add_milestone": ANY_MEMBER,
    "meet_milestone": ANY_MEMBER,
    "make_long_term": SUPERIOR,
    "review_long_term": (*SUPERIOR, "committee_member"),
    "reapprove_long_term": SUPERIOR,
    "request_extension": ANY_MEMBER,
    "decide_extension": SUPERIOR,
    "issue_redo_notice": SUPERVISORS,
    "issue_chase_notice": SUPERVISORS,
    "issue_slip": SUPERVISORS,
    "answer_slip": ANY_MEMBER,
    "call_back": (*BRANCH, "opinion_collector"),
    "contest_rating": ANY_MEMBER,
    "decide_rating": SUPERIOR,
    "draft_notice": ("publisher",),
    "clear_notice": ("privacy_officer", *SUPERIOR),
    "look_back": SUPERVISORS,
    "change_calendar": SUPERVISORS,
    "approve_no_review": SUPERIOR,
    "approve_issue": ("committee_member", "superior_officer"),
    "post_notice": ("publisher",),
    "raise_objection": ("resident", "mass_rep"),
    "decide_objection": SUPERVISORS,
    "close_issue": (*BRANCH, *SUPERIOR),
    "reopen_issue": SUPERVISORS,
}
"""Command name to the roles that may send it; see also engine.cycle.shield.IN_PLACE."""
