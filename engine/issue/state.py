"""An issue as it stands: everything a decision may look at, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from engine.issue.commands import (
    LongTermCause,
    Method,
    Scope,
    Severity,
    SourceKind,
    SubjectKind,
    Track,
)
from engine.issue.events import IssueFound
from engine.plan.closing import Finding

Status: TypeAlias = Literal[
    "found",
    "explaining",
    "claimed",
    "planned",
    "rectifying",
    "submitted",
    "verifying",
    "mass_review",
    "noticed",
    "closed",
    "reopened",
    "explained",
    "merged",
    "out_of_remit",
    "withdrawn",
]

SETTLED: frozenset[Status] = frozenset({"explained", "merged", "out_of_remit", "withdrawn"})
"""Dispositions other than rectification: the issue ends without being signed off."""

AT_WORK: frozenset[Status] = frozenset({"claimed", "planned", "rectifying", "reopened"})
"""The owner has to act; from ``submitted`` on others have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One action against the issue; ``due`` is original, ``moved_to`` what it became.

    ``verified_by`` are those who found it thorough, ``on_site`` says one of them was there,
    ``told`` that its owner heard of its day having passed.
    """

    content: str
    standard: str
    due: date
    moved_to: date | None = None
    percent: int = 0
    done: bool = False
    evidence: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    on_site: bool = False
    told: bool = False

    @property
    def until(self) -> date:
        """Return the day it is due now."""
        return self.moved_to or self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A stage of a phased or long-term issue; ``evidence`` once it is met."""

    content: str
    due: date
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The deadline of this round; ``original`` is never overwritten.

    ``raised`` are the steps of the ladder told for ``current``; steps before ``since``
    are not told afterwards.
    """

    track: Track
    original: date
    current: date
    since: date
    extensions: int = 0
    raised: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An extension asked for and not decided yet."""

    to: date
    asked_on: date
    decide_by: date
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTerm:
    """The long-term track: why, when it is reviewed, how long it is approved."""

    cause: LongTermCause
    review_due: date
    approved_until: date
    told: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An explanation that waits for its answer: silence is no acceptance."""

    by: str
    answer_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """建账、交账、查账、销账: four days in order; ``late`` stays for ever."""

    registered: date
    reported: date | None = None
    checked: date | None = None
    cleared: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The light as last told, since ``on``; ``times`` counts how often each was lit."""

    colour: str
    on: date
    times: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MassReview:
    """What the public was asked and what it answered."""

    scope: Scope
    min_sample: int
    affected: int
    method: Method = "questionnaire"
    answers: int = 0
    satisfied: int = 0
    counted: bool = False
    contested: bool = False
    no_review_approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBacks:
    """Dissatisfied answerers who are still to be called back."""

    open: int
    counted_on: date
    due: date
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A drafted notice; posted only when another person has cleared it."""

    by: str
    audience: Literal["public", "internal"]
    first: date
    last: date
    cleared_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The posted notice; ``expired`` once its window has passed."""

    audience: Literal["public", "internal"]
    first: date
    last: date
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackState:
    """A look-back that is due; ``told`` once its day has come, ``done`` once made."""

    due: date
    told: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing somebody asked for, while the plugins of the plan are asked."""

    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Everything a decision about one issue may look at.

    ``past_owners`` once worked on it and may never judge it. ``extended`` counts the
    extensions of all rounds. ``polls`` has answers and satisfied of every count of the
    public that stands. ``rejected_from`` is what the public rejected, for whoever contests
    that. ``closing`` was asked for and is not decided; ``held`` is why the last one was not
    to be. ``touched`` is the last day somebody acted.
    """

    number: int
    content: str
    category: str
    sources: tuple[SourceKind, ...]
    subject_kind: SubjectKind
    subject: str | None
    critics: tuple[str, ...]
    severity: Severity
    found_at: datetime
    status: Status = "found"
    owner: str | None = None
    measures: tuple[Measure, ...] = ()
    review: MassReview | None = None
    approvals: tuple[tuple[Literal["committee", "superior"], str], ...] = ()
    notice: Notice | None = None
    open_objection: bool = False
    round: int = 1
    returned: int = 0
    rejected: int = 0
    closed_at: tuple[datetime, ...] = ()
    deadline: Deadline | None = None
    account: Account | None = None
    extension: Extension | None = None
    milestones: tuple[Milestone, ...] = ()
    long_term: LongTerm | None = None
    light: Light | None = None
    slips: int = 0
    slip_on: date | None = None
    explained: Explained | None = None
    rejected_from: tuple[MassReview, tuple[Measure, ...]] | None = None
    call_backs: CallBacks | None = None
    draft: Draft | None = None
    look_back: LookBackState | None = None
    drawn: bool = False
    merged_into: int | None = None
    successor: str | None = None
    past_owners: tuple[str, ...] = ()
    extended: int = 0
    polls: tuple[tuple[int, int], ...] = ()
    touched: date | None = None
    criticism: int | None = None
    closing: Closing | None = None
    held: tuple[Finding, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether the issue still waits for its end: signed off or settled otherwise."""
        return self.status != "closed" and self.status not in SETTLED

    def measure(self, number: int) -> Measure | None:
        """Return measure ``number``, counted from 1, if there is one."""
        return self.measures[number - 1] if 1 <= number <= len(self.measures) else None

    def milestone(self, number: int) -> Milestone | None:
        """Return milestone ``number``, counted from 1, if there is one."""
        return self.milestones[number - 1] if 1 <= number <= len(self.milestones) else None


def found(event: IssueFound) -> Issue:
    """Return the issue that ``event`` brings into being."""
    return Issue(
        number=event.issue,
        content=event.content,
        category=event.category,
        sources=event.sources,
        subject_kind=event.subject_kind,
        subject=event.subject,
        critics=event.critics,
        severity=event.severity,
        found_at=event.at,
        criticism=event.criticism,
    )
