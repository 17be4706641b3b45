# size: one class per event kind; the list is the vocabulary
"""What happened to an issue; ``issue`` is its number within the cycle.

Events with ``to`` are told to these persons, see engine.notices.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from engine.issue.commands import (
    LongTermCause,
    Method,
    Scope,
    Severity,
    SourceKind,
    SubjectKind,
    Track,
)
from engine.plan.closing import Finding
from engine.policy.calendar import Computed
from engine.record import Content, Event, Id

Told: TypeAlias = tuple[Id, ...]

ENGINE = "engine"
"""Who causes what time causes."""


class IssueFound(Event):
    """A problem entered the pool under the next number."""

    kind: Literal["IssueFound"] = "IssueFound"
    issue: int
    content: Content
    category: Id
    sources: tuple[SourceKind, ...]
    subject_kind: SubjectKind
    subject: Id | None = None
    critics: tuple[Id, ...]
    severity: Severity
    criticism: int | None = None


class IssueClaimed(Event):
    """The issue has its one owner; nobody having claimed it in time, the branch has."""

    kind: Literal["IssueClaimed"] = "IssueClaimed"
    issue: int
    owner: Id
    reason: Literal["default_claim"] | None = None
    to: Told = ()


class MeasureAdded(Event):
    """A measure was listed; ``due`` is its original due day."""

    kind: Literal["MeasureAdded"] = "MeasureAdded"
    issue: int
    measure: int
    content: Content
    standard: Content
    due: date


class ProgressReported(Event):
    """The owner handed in how far a measure has come."""

    kind: Literal["ProgressReported"] = "ProgressReported"
    issue: int
    measure: int
    percent: int
    note: Content | None = None


class MeasureDone(Event):
    """The owner declared a measure done with its evidence."""

    kind: Literal["MeasureDone"] = "MeasureDone"
    issue: int
    measure: int
    evidence: tuple[Content, ...]


class SignOffApplied(Event):
    """The owner handed the work in (交账) and asked for verification."""

    kind: Literal["SignOffApplied"] = "SignOffApplied"
    issue: int
    late: bool = False


class VerdictGiven(Event):
    """A verifier judged one measure."""

    kind: Literal["VerdictGiven"] = "VerdictGiven"
    issue: int
    measure: int
    verdict: Literal["thorough", "partial"]
    on_site: bool = False
    reason: Content | None = None


class IssueReturned(Event):
    """A partial verdict sent the issue back to work."""

    kind: Literal["IssueReturned"] = "IssueReturned"
    issue: int
    measure: int


class MassReviewOpened(Event):
    """The public is asked; fewer answers than ``min_sample`` do not count."""

    kind: Literal["MassReviewOpened"] = "MassReviewOpened"
    issue: int
    scope: Scope
    method: Method = "questionnaire"
    affected: int
    min_sample: int
    reason: Content | None = None


class MassReviewCounted(Event):
    """The public answered: ``satisfied`` are the first three of five grades."""

    kind: Literal["MassReviewCounted"] = "MassReviewCounted"
    issue: int
    answers: int
    satisfied: int


class MassRejected(Event):
    """The public did not accept the result; the issue is back at work."""

    kind: Literal["MassRejected"] = "MassRejected"
    issue: int
    to: Told = ()


class NoReviewApproved(Event):
    """The superior accepted the reason why nobody is asked."""

    kind: Literal["NoReviewApproved"] = "NoReviewApproved"
    issue: int


class IssueApproved(Event):
    """The committee or the superior approved the sign-off."""

    kind: Literal["IssueApproved"] = "IssueApproved"
    issue: int
    level: Literal["committee", "superior"]


class NoticePosted(Event):
    """The notice hangs from ``first`` to ``last``, both days included."""

    kind: Literal["NoticePosted"] = "NoticePosted"
    issue: int
    audience: Literal["public", "internal"]
    first: date
    last: date


class ObjectionRaised(Event):
    """Somebody objected; sign-off is suspended until it is decided."""

    kind: Literal["ObjectionRaised"] = "ObjectionRaised"
    issue: int
    content: Content


class ObjectionDecided(Event):
    """The superior decided the objection; an upheld one returns to verifying."""

    kind: Literal["ObjectionDecided"] = "ObjectionDecided"
    issue: int
    outcome: Literal["upheld", "rejected"]
    reason: Content


class NoticeExpired(Event):
    """The notice window passed."""

    kind: Literal["NoticeExpired"] = "NoticeExpired"
    issue: int


class ClosingAsked(Event):
    """Every rule lets the issue go; the plugins of the plan are asked before it does."""

    kind: Literal["ClosingAsked"] = "ClosingAsked"
    issue: int
    round: int
    reason: Content | None = None


class ClosingReviewed(Event):
    """What was found before the closing; one finding that denies holds it back."""

    kind: Literal["ClosingReviewed"] = "ClosingReviewed"
    issue: int
    round: int
    findings: tuple[Finding, ...] = ()


class IssueClosed(Event):
    """The issue is signed off: resolved, thorough, accepted, noticed."""

    kind: Literal["IssueClosed"] = "IssueClosed"
    issue: int
    round: int
    reason: Content | None = None


class IssueReopened(Event):
    """A closed issue came back; ``round`` counts from 1."""

    kind: Literal["IssueReopened"] = "IssueReopened"
    issue: int
    round: int
    cause: Literal["rebound", "look_back"]
    reason: Content


class IssueExplained(Event):
    """The problem was answered instead of worked on; the answer waits for acceptance."""

    kind: Literal["IssueExplained"] = "IssueExplained"
    issue: int
    answer: Content
    answer_by: Computed | None = None


class ExplanationAnswered(Event):
    """Those who raised the problem accepted the explanation, or declined it."""

    kind: Literal["ExplanationAnswered"] = "ExplanationAnswered"
    issue: int
    outcome: Literal["accepted", "declined"]
    reason: Content | None = None


class IssueMerged(Event):
    """The issue lives on in ``into``."""

    kind: Literal["IssueMerged"] = "IssueMerged"
    issue: int
    into: int


class SourcesJoined(Event):
    """The issue took over the sources of a merged one; no source is lost."""

    kind: Literal["SourcesJoined"] = "SourcesJoined"
    issue: int
    merged: int
    sources: tuple[SourceKind, ...]
    critics: tuple[Id, ...]


class IssueRuledOut(Event):
    """The superior ruled that the problem is not this unit's."""

    kind: Literal["IssueRuledOut"] = "IssueRuledOut"
    issue: int
    reason: Content


class IssueWithdrawn(Event):
    """The problem was withdrawn; it stays on record and counts as withdrawn."""

    kind: Literal["IssueWithdrawn"] = "IssueWithdrawn"
    issue: int
    reason: Content


class DeadlineSet(Event):
    """The issue has its deadline for this round; it is never overwritten.

    ``computed`` explains a day that the track gave; an owner's own choice needs none.
    """

    kind: Literal["DeadlineSet"] = "DeadlineSet"
    issue: int
    round: int
    track: Track
    due: date
    computed: Computed | None = None


class IssueTransferred(Event):
    """The issue has another owner."""

    kind: Literal["IssueTransferred"] = "IssueTransferred"
    issue: int
    owner: Id
    reason: Content
    to: Told = ()


class IssueHandedOver(Event):
    """A named successor answers for the issue once the file is archived."""

    kind: Literal["IssueHandedOver"] = "IssueHandedOver"
    issue: int
    successor: Id
    reason: Content
    to: Told = ()


class SeverityRaised(Event):
    """The issue became a key issue."""

    kind: Literal["SeverityRaised"] = "SeverityRaised"
    issue: int
    reason: Content


class MilestoneAdded(Event):
    """A milestone was listed."""

    kind: Literal["MilestoneAdded"] = "MilestoneAdded"
    issue: int
    milestone: int
    content: Content
    due: date


class MilestoneMet(Event):
    """A milestone was met."""

    kind: Literal["MilestoneMet"] = "MilestoneMet"
    issue: int
    milestone: int
    evidence: Content


class IssueMadeLongTerm(Event):
    """The superior put the issue on the long-term track."""

    kind: Literal["IssueMadeLongTerm"] = "IssueMadeLongTerm"
    issue: int
    cause: LongTermCause
    reason: Content
    review_due: date
    approved_until: date


class LongTermReviewed(Event):
    """A long-term issue was reviewed."""

    kind: Literal["LongTermReviewed"] = "LongTermReviewed"
    issue: int
    note: Content
    review_due: date


class LongTermReapproved(Event):
    """The long-term track was approved for another year."""

    kind: Literal["LongTermReapproved"] = "LongTermReapproved"
    issue: int
    reason: Content
    approved_until: date


class LongTermReviewDue(Event):
    """A review or the yearly approval of a long-term issue is due today."""

    kind: Literal["LongTermReviewDue"] = "LongTermReviewDue"
    issue: int
    what: Literal["review", "approval"]
    due: date
    to: Told = ()


class LongTermLapsed(Event):
    """Nobody approved the long-term track for another year; the old deadline holds again."""

    kind: Literal["LongTermLapsed"] = "LongTermLapsed"
    issue: int
    due: date
    to: Told = ()


class MeasureOverdue(Event):
    """The day of a measure passed before that of its issue, and it is not done."""

    kind: Literal["MeasureOverdue"] = "MeasureOverdue"
    issue: int
    measure: int
    due: date
    to: Told = ()


class ExtensionRequested(Event):
    """The owner asked for a later deadline; it is decided by ``decide_by.day``."""

    kind: Literal["ExtensionRequested"] = "ExtensionRequested"
    issue: int
    asked: date
    percent: int
    reason: Content
    decide_by: Computed
    to: Told = ()


class ExtensionDecided(Event):
    """The extension was granted (``due`` is the new deadline) or refused."""

    kind: Literal["ExtensionDecided"] = "ExtensionDecided"
    issue: int
    outcome: Literal["granted", "refused"]
    due: date
    reason: Content
    to: Told = ()


class ExtensionDecisionLate(Event):
    """Nobody decided the extension in time."""

    kind: Literal["ExtensionDecisionLate"] = "ExtensionDecisionLate"
    issue: int
    due: date
    to: Told = ()


class EscalationRaised(Event):
    """A step of the ladder was reached: ``step`` days from the deadline."""

    kind: Literal["EscalationRaised"] = "EscalationRaised"
    issue: int
    step: int
    instrument: str
    due: date
    to: Told = ()


class LightChanged(Event):
    """The issue's light changed on ``on``; ``none`` puts it out. For telling only."""

    kind: Literal["LightChanged"] = "LightChanged"
    issue: int
    light: str
    on: date
    due: date
    instrument: str
    points: int = 0
    to: Told = ()


class RedoNoticeIssued(Event):
    """The work has to be done again."""

    kind: Literal["RedoNoticeIssued"] = "RedoNoticeIssued"
    issue: int
    reason: Content
    to: Told = ()


class ChaseNoticeIssued(Event):
    """The work was chased."""

    kind: Literal["ChaseNoticeIssued"] = "ChaseNoticeIssued"
    issue: int
    reason: Content
    to: Told = ()


class SlipIssued(Event):
    """Slip ``number`` of the ladder was issued."""

    kind: Literal["SlipIssued"] = "SlipIssued"
    issue: int
    number: int
    reason: Content
    to: Told = ()


class SlipAnswered(Event):
    """The open slip was answered; the ladder begins anew."""

    kind: Literal["SlipAnswered"] = "SlipAnswered"
    issue: int
    answer: Content


class DissatisfiedDue(Event):
    """``count`` dissatisfied answerers are to be called back by ``due.day``."""

    kind: Literal["DissatisfiedDue"] = "DissatisfiedDue"
    issue: int
    count: int
    due: Computed
    to: Told = ()


class CalledBack(Event):
    """Dissatisfied answerers were called back."""

    kind: Literal["CalledBack"] = "CalledBack"
    issue: int
    persons: int
    note: Content


class CallBackLate(Event):
    """Some dissatisfied answerers were not called back in time."""

    kind: Literal["CallBackLate"] = "CallBackLate"
    issue: int
    count: int
    due: date
    to: Told = ()


class RatingContested(Event):
    """The owner holds the public's rating to be mistaken; sign-off waits."""

    kind: Literal["RatingContested"] = "RatingContested"
    issue: int
    reason: Content
    to: Told = ()


class RatingDecided(Event):
    """Another body let the rating stand, or voided it to be asked again."""

    kind: Literal["RatingDecided"] = "RatingDecided"
    issue: int
    outcome: Literal["voided", "stands"]
    reason: Content


class NoticeDrafted(Event):
    """The four fields of the notice were drafted and screened."""

    kind: Literal["NoticeDrafted"] = "NoticeDrafted"
    issue: int
    audience: Literal["public", "internal"]
    problem: Content
    measures: Content
    responsible: Content
    first: date
    last: date


class NoticeCleared(Event):
    """The privacy officer cleared the draft, or blocked it."""

    kind: Literal["NoticeCleared"] = "NoticeCleared"
    issue: int
    outcome: Literal["cleared", "blocked"]
    reason: Content | None = None


class NoticeTakenDown(Event):
    """The notice no longer hangs."""

    kind: Literal["NoticeTakenDown"] = "NoticeTakenDown"
    issue: int


class LookBackDue(Event):
    """The closed issue was drawn, or is a key issue, and is to be looked at again."""

    kind: Literal["LookBackDue"] = "LookBackDue"
    issue: int
    due: date
    to: Told = ()


class LookBackDone(Event):
    """The closed issue was looked at again: it holds, or it came back."""

    kind: Literal["LookBackDone"] = "LookBackDone"
    issue: int
    outcome: Literal["holds", "rebound"]
    evidence: Content


class DatesRecalculated(Event):
    """Another calendar moved the dates that count working days; each explains itself."""

    kind: Literal["DatesRecalculated"] = "DatesRecalculated"
    issue: int
    decide_by: Computed | None = None
    call_back_by: Computed | None = None


IssueEvent: TypeAlias = (
    IssueFound
    | IssueExplained
    | ExplanationAnswered
    | IssueMerged
    | SourcesJoined
    | IssueRuledOut
    | IssueWithdrawn
    | DeadlineSet
    | IssueTransferred
    | IssueHandedOver
    | SeverityRaised
    | MilestoneAdded
    | MilestoneMet
    | IssueMadeLongTerm
    | LongTermReviewed
    | LongTermReapproved
    | LongTermReviewDue
    | LongTermLapsed
    | MeasureOverdue
    | ExtensionRequested
    | ExtensionDecided
    | ExtensionDecisionLate
    | EscalationRaised
    | LightChanged
    | RedoNoticeIssued
    | ChaseNoticeIssued
    | SlipIssued
    | SlipAnswered
    | DissatisfiedDue
    | CalledBack
    | CallBackLate
    | RatingContested
    | RatingDecided
    | NoticeDrafted
    | NoticeCleared
    | NoticeTakenDown
    | LookBackDue
    | LookBackDone
    | DatesRecalculated
    | IssueClaimed
    | MeasureAdded
    | ProgressReported
    | MeasureDone
    | SignOffApplied
    | VerdictGiven
    | IssueReturned
    | MassReviewOpened
    | MassReviewCounted
    | MassRejected
    | NoReviewApproved
    | IssueApproved
    | NoticePosted
    | ObjectionRaised
    | ObjectionDecided
    | NoticeExpired
    | ClosingAsked
    | ClosingReviewed
    | IssueClosed
    | IssueReopened
)

ISSUE_EVENT: TypeAdapter[IssueEvent] = TypeAdapter(
    Annotated[IssueEvent, Field(discriminator="kind")]
)
"""Reads an issue event back from its JSON form."""
