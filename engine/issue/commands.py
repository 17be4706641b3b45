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
    "form", "forum", "visit", "talk", "criticism", "guest", "superior", "look_back"
]
Scope: TypeAlias = Literal["residents", "service_objects", "branch_members", "none_with_reason"]


class FindIssue(Command):
    """Enter a problem into the pool; the engine gives it the next number."""

    kind: Literal["find_issue"] = "find_issue"
    content: Content
    category: Id
    sources: Annotated[tuple[SourceKind, ...], Field(min_length=1)]
    subject_kind: SubjectKind = "branch"
    subject: Id | None = None
    critics: tuple[Id, ...] = ()
    severity: Severity = "normal"


class ClaimIssue(Command):
    """Take the issue as its one owner; the secretary may name the branch's owner."""

    kind: Literal["claim_issue"] = "claim_issue"
    issue: IssueNumber
    owner: Id | None = None


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
    reason: Content | None = None


class OpenMassReview(Command):
    """Ask the public; ``affected`` is how many persons the issue concerns."""

    kind: Literal["open_mass_review"] = "open_mass_review"
    issue: IssueNumber
    scope: Scope
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
    """Sign the issue off (销号); refused unless the whole predicate holds."""

    kind: Literal["close_issue"] = "close_issue"
    issue: IssueNumber


class ReopenIssue(Command):
    """Open a closed issue for a new round because it came back."""

    kind: Literal["reopen_issue"] = "reopen_issue"
    issue: IssueNumber
    cause: Literal["rebound", "look_back"]
    reason: Content


IssueCommand: TypeAlias = (
    ClaimIssue
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
