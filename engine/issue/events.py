"""What happened to an issue; ``issue`` is its number within the cycle."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from engine.issue.commands import Scope, Severity, SourceKind, SubjectKind
from engine.record import Content, Event, Id


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


class IssueClaimed(Event):
    """The issue has its one owner, for the branch or for the member."""

    kind: Literal["IssueClaimed"] = "IssueClaimed"
    issue: int
    owner: Id


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
    """The owner asked for verification."""

    kind: Literal["SignOffApplied"] = "SignOffApplied"
    issue: int


class VerdictGiven(Event):
    """A verifier judged one measure."""

    kind: Literal["VerdictGiven"] = "VerdictGiven"
    issue: int
    measure: int
    verdict: Literal["thorough", "partial"]
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


class IssueClosed(Event):
    """The issue is signed off: resolved, thorough, accepted, noticed."""

    kind: Literal["IssueClosed"] = "IssueClosed"
    issue: int
    round: int


class IssueReopened(Event):
    """A closed issue came back; ``round`` counts from 1."""

    kind: Literal["IssueReopened"] = "IssueReopened"
    issue: int
    round: int
    cause: Literal["rebound", "look_back"]
    reason: Content


IssueEvent: TypeAlias = (
    IssueFound
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
    | IssueClosed
    | IssueReopened
)

ISSUE_EVENT: TypeAdapter[IssueEvent] = TypeAdapter(
    Annotated[IssueEvent, Field(discriminator="kind")]
)
"""Reads an issue event back from its JSON form."""
