# size: one class per command; the list is the vocabulary
"""What people ask of an issue. Texts and reasons are references into the vault."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from engine.record import Command, Content, Id

IssueNumber: TypeAlias = Annotated[int, Field(ge=1)]
MeasureNumber: TypeAlias = Annotated[int, Field(ge=1)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=10_000_000)]
SubjectKind: TypeAlias = Literal["branch", "member"]
Severity: TypeAlias = Literal["normal", "key"]
SourceKind: TypeAlias = Literal[
    "form", "forum", "visit", "talk", "criticism", "guest", "superior", "look_back",
    "group_meeting", "pre_shift",
]  # fmt: skip
Scope: TypeAlias = Literal["residents", "service_objects", "branch_members", "none_with_reason"]
Method: TypeAlias = Literal["questionnaire", "phone", "paper", "panel", "assembly"]
Track: TypeAlias = Literal["immediate", "phased", "long_term"]
LongTermCause: TypeAlias = Literal["mechanism", "historical", "not_short_term", "litigation"]
"""体制机制不完善、历史遗留、短时间内无法解决、涉及司法诉讼: the four causes permitted."""


class FindIssue(Command):
    """Enter a problem into the pool; the engine gives it the next number.

    ``criticism`` is the item of the meeting's criticism it comes from.
    """

    kind: Literal["find_issue"] = "find_issue"
    content: Content
    category: Id
    sources: Annotated[tuple[SourceKind, ...], Field(min_length=1)]
    subject_kind: SubjectKind = "branch"
    subject: Id | None = None
    critics: tuple[Id, ...] = ()
    severity: Severity = "normal"
    criticism: Annotated[int, Field(ge=1)] | None = None


class ClaimIssue(Command):
    """Take the issue as its one owner; the secretary may name the branch's owner.

    ``track`` and ``due`` set its deadline; without them policy's phased track does.
    """

    kind: Literal["claim_issue"] = "claim_issue"
    issue: IssueNumber
    owner: Id | None = None
    track: Literal["immediate", "phased"] | None = None
    due: date | None = None


class AddMeasure(Command):
    """List a measure with its standard of completion and its due day."""

    kind: Literal["add_measure"] = "add_measure"
    issue: IssueNumber
    content: Content
    standard: Content
    due: date


class ReportProgress(Command):
    """Hand in how far a measure has come (交账)."""

    kind: Literal["report_progress"] = "report_progress"
    issue: IssueNumber
    measure: MeasureNumber
    percent: Annotated[int, Field(ge=0, le=100)]
    note: Content | None = None


class FinishMeasure(Command):
    """Declare a measure done, with at least one piece of evidence."""

    kind: Literal["finish_measure"] = "finish_measure"
    issue: IssueNumber
    measure: MeasureNumber
    evidence: tuple[Content, ...]


class ApplySignOff(Command):
    """Ask for verification: every measure is done and evidenced."""

    kind: Literal["apply_sign_off"] = "apply_sign_off"
    issue: IssueNumber


class GiveVerdict(Command):
    """Say of one measure whether it was carried out thoroughly (查账)."""

    kind: Literal["give_verdict"] = "give_verdict"
    issue: IssueNumber
    measure: MeasureNumber
    verdict: Literal["thorough", "partial"]
    on_site: bool = False
    reason: Content | None = None


class OpenMassReview(Command):
    """Ask the public; ``affected`` is how many persons the issue concerns."""

    kind: Literal["open_mass_review"] = "open_mass_review"
    issue: IssueNumber
    scope: Scope
    method: Method = "questionnaire"
    affected: Count = 0
    reason: Content | None = None


class CountMassReview(Command):
    """Hand in the five-grade answers of the public."""

    kind: Literal["count_mass_review"] = "count_mass_review"
    issue: IssueNumber
    very_satisfied: Count = 0
    satisfied: Count = 0
    basically_satisfied: Count = 0
    dissatisfied: Count = 0
    very_dissatisfied: Count = 0


class ApproveNoReview(Command):
    """Let the superior accept the reason why nobody can be asked."""

    kind: Literal["approve_no_review"] = "approve_no_review"
    issue: IssueNumber


class ApproveIssue(Command):
    """Approve the sign-off: the committee, and the superior too for a key issue."""

    kind: Literal["approve_issue"] = "approve_issue"
    issue: IssueNumber


class PostNotice(Command):
    """Post the notice for ``first`` to ``last``, both days included."""

    kind: Literal["post_notice"] = "post_notice"
    issue: IssueNumber
    audience: Literal["public", "internal"]
    first: date
    last: date


class RaiseObjection(Command):
    """Object to the posted notice."""

    kind: Literal["raise_objection"] = "raise_objection"
    issue: IssueNumber
    content: Content


class DecideObjection(Command):
    """Uphold or reject the open objection."""

    kind: Literal["decide_objection"] = "decide_objection"
    issue: IssueNumber
    outcome: Literal["upheld", "rejected"]
    reason: Content


class CloseIssue(Command):
    """Sign the issue off (销号); refused unless the whole predicate holds.

    A long-term issue is signed off by the superior, with a reason.
    """

    kind: Literal["close_issue"] = "close_issue"
    issue: IssueNumber
    reason: Content | None = None


class ReopenIssue(Command):
    """Open a closed issue for a new round because it came back."""

    kind: Literal["reopen_issue"] = "reopen_issue"
    issue: IssueNumber
    cause: Literal["rebound", "look_back"]
    reason: Content


class ExplainIssue(Command):
    """Answer a problem that work cannot solve; it counts once the answer is accepted."""

    kind: Literal["explain_issue"] = "explain_issue"
    issue: IssueNumber
    answer: Content


class AnswerExplanation(Command):
    """Accept or decline the explanation as one of those who raised the problem."""

    kind: Literal["answer_explanation"] = "answer_explanation"
    issue: IssueNumber
    outcome: Literal["accepted", "declined"]
    reason: Content | None = None


class MergeIssue(Command):
    """Merge the issue into another that says the same; its sources go along."""

    kind: Literal["merge_issue"] = "merge_issue"
    issue: IssueNumber
    into: IssueNumber


class RuleOutOfRemit(Command):
    """Rule as the superior that the problem is not this unit's to solve."""

    kind: Literal["rule_out_of_remit"] = "rule_out_of_remit"
    issue: IssueNumber
    reason: Content


class WithdrawIssue(Command):
    """Withdraw a problem entered in error; once it is claimed only the superior may."""

    kind: Literal["withdraw_issue"] = "withdraw_issue"
    issue: IssueNumber
    reason: Content


class TransferIssue(Command):
    """Give the issue another owner, as the secretary."""

    kind: Literal["transfer_issue"] = "transfer_issue"
    issue: IssueNumber
    owner: Id
    reason: Content


class HandOverIssue(Command):
    """Name who answers for the open issue after the file is archived."""

    kind: Literal["hand_over_issue"] = "hand_over_issue"
    issue: IssueNumber
    successor: Id
    reason: Content


class RaiseSeverity(Command):
    """Make the issue a key issue; nothing lowers it again."""

    kind: Literal["raise_severity"] = "raise_severity"
    issue: IssueNumber
    reason: Content


class AddMilestone(Command):
    """List a milestone of a phased or long-term issue."""

    kind: Literal["add_milestone"] = "add_milestone"
    issue: IssueNumber
    content: Content
    due: date


class MeetMilestone(Command):
    """Declare a milestone met, with its evidence."""

    kind: Literal["meet_milestone"] = "meet_milestone"
    issue: IssueNumber
    milestone: MeasureNumber
    evidence: Content


class MakeLongTerm(Command):
    """Put the issue on the long-term track, as the superior and for a permitted cause."""

    kind: Literal["make_long_term"] = "make_long_term"
    issue: IssueNumber
    cause: LongTermCause
    reason: Content


class ReviewLongTerm(Command):
    """Record the regular review of a long-term issue."""

    kind: Literal["review_long_term"] = "review_long_term"
    issue: IssueNumber
    note: Content


class ReapproveLongTerm(Command):
    """Approve the long-term track for another year, as the superior."""

    kind: Literal["reapprove_long_term"] = "reapprove_long_term"
    issue: IssueNumber
    reason: Content


class RequestExtension(Command):
    """Ask for a later deadline, before the current one has passed."""

    kind: Literal["request_extension"] = "request_extension"
    issue: IssueNumber
    to: date
    percent: Annotated[int, Field(ge=0, le=100)]
    reason: Content


class DecideExtension(Command):
    """Grant or refuse the extension asked for."""

    kind: Literal["decide_extension"] = "decide_extension"
    issue: IssueNumber
    outcome: Literal["granted", "refused"]
    reason: Content


class IssueRedoNotice(Command):
    """Order the work to be done again because its substance is insufficient (重改)."""

    kind: Literal["issue_redo_notice"] = "issue_redo_notice"
    issue: IssueNumber
    reason: Content


class IssueChaseNotice(Command):
    """Chase slow work or a weak mechanism (督办); the work goes on where it is."""

    kind: Literal["issue_chase_notice"] = "issue_chase_notice"
    issue: IssueNumber
    reason: Content


class IssueSlip(Command):
    """Issue the next slip of the ladder; the one before must have been ignored."""

    kind: Literal["issue_slip"] = "issue_slip"
    issue: IssueNumber
    reason: Content


class AnswerSlip(Command):
    """Answer the open slip with a good reason or with what was done."""

    kind: Literal["answer_slip"] = "answer_slip"
    issue: IssueNumber
    answer: Content


class CallBack(Command):
    """Record that dissatisfied answerers were called back and their points mended."""

    kind: Literal["call_back"] = "call_back"
    issue: IssueNumber
    persons: Annotated[int, Field(ge=1)]
    note: Content


class ContestRating(Command):
    """Ask for a review of a rating held to be mistaken, as the owner."""

    kind: Literal["contest_rating"] = "contest_rating"
    issue: IssueNumber
    reason: Content


class DecideRating(Command):
    """Void the contested count or let it stand; never by who answers for the issue."""

    kind: Literal["decide_rating"] = "decide_rating"
    issue: IssueNumber
    outcome: Literal["voided", "stands"]
    reason: Content


class DraftNotice(Command):
    """Draft the notice: the four fields that may be public, nothing else.

    The gateway's side screens the texts before they are sealed; see engine.notice.
    """

    kind: Literal["draft_notice"] = "draft_notice"
    issue: IssueNumber
    audience: Literal["public", "internal"]
    problem: Content
    measures: Content
    responsible: Content
    first: date
    last: date


class ClearNotice(Command):
    """Clear the drafted notice for posting, or block it, as the privacy officer."""

    kind: Literal["clear_notice"] = "clear_notice"
    issue: IssueNumber
    outcome: Literal["cleared", "blocked"]
    reason: Content | None = None


class LookBack(Command):
    """Record what was found 90 days after the closing: it holds, or it came back."""

    kind: Literal["look_back"] = "look_back"
    issue: IssueNumber
    outcome: Literal["holds", "rebound"]
    evidence: Content


IssueCommand: TypeAlias = (
    ClaimIssue
    | ExplainIssue
    | AnswerExplanation
    | MergeIssue
    | RuleOutOfRemit
    | WithdrawIssue
    | TransferIssue
    | HandOverIssue
    | RaiseSeverity
    | AddMilestone
    | MeetMilestone
    | MakeLongTerm
    | ReviewLongTerm
    | ReapproveLongTerm
    | RequestExtension
    | DecideExtension
    | IssueRedoNotice
    | IssueChaseNotice
    | IssueSlip
    | AnswerSlip
    | CallBack
    | ContestRating
    | DecideRating
    | DraftNotice
    | ClearNotice
    | LookBack
    | AddMeasure
    | ReportProgress
    | FinishMeasure
    | ApplySignOff
    | GiveVerdict
    | OpenMassReview
    | CountMassReview
    | ApproveNoReview
    | ApproveIssue
    | PostNotice
    | RaiseObjection
    | DecideObjection
    | CloseIssue
    | ReopenIssue
)
