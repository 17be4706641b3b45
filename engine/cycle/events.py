# size: one class per event kind; the list is the vocabulary
"""What happened in a cycle. Issue events are in engine.issue.events."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from engine.issue.events import IssueEvent
from engine.plan.steps import Conflict, Plan
from engine.policy.calendar import Calendar, Computed
from engine.policy.pack import Policy
from engine.policy.roles import Person, Shield
from engine.record import Content, Event, Id

Grade: TypeAlias = Literal["excellent", "qualified", "basically_qualified", "unqualified"]


class CyclePlanned(Event):
    """The cycle exists; ``clock_shift_s`` seconds separate its calendar from the wall."""

    kind: Literal["CyclePlanned"] = "CyclePlanned"
    cycle: Id
    unit: Id
    meeting_on: date
    people: tuple[Person, ...]
    books: tuple[Id, ...]
    evaluation: bool
    rehearsal: bool
    clock_shift_s: float
    shields: tuple[Shield, ...] | None = None


class PolicyPinned(Event):
    """The numbers this cycle is held to, whatever happens to the pack later."""

    kind: Literal["PolicyPinned"] = "PolicyPinned"
    policy: Policy
    digest: str


class PlanPinned(Event):
    """The plan with its local steps; from here on it is data."""

    kind: Literal["PlanPinned"] = "PlanPinned"
    plan: Plan


class PlanBlocked(Event):
    """A required plugin is not in the plan; a recorded decision is needed."""

    kind: Literal["PlanBlocked"] = "PlanBlocked"
    conflicts: tuple[Conflict, ...]


class PlanDecided(Event):
    """Somebody decided to try again, or to go on without the required plugin."""

    kind: Literal["PlanDecided"] = "PlanDecided"
    choice: Literal["retry", "drop"]
    reason: Content


class ReplanOrdered(Event):
    """The plan is to be composed again; the next ``PlanPinned`` has what lies ahead."""

    kind: Literal["ReplanOrdered"] = "ReplanOrdered"
    reason: Content


class PlanFiled(Event):
    """The plan was handed upward."""

    kind: Literal["PlanFiled"] = "PlanFiled"
    content: Content


class FilingAccepted(Event):
    """The superior took note of the plan."""

    kind: Literal["FilingAccepted"] = "FilingAccepted"


class StudyHeld(Event):
    """A study session took place."""

    kind: Literal["StudyHeld"] = "StudyHeld"
    form: Literal["collective", "individual", "discussion", "lecture"]
    held_on: date
    participants: tuple[Id, ...]
    books: tuple[Id, ...]
    evidence: Content


class GateExempted(Event):
    """A member was excused from one requirement."""

    kind: Literal["GateExempted"] = "GateExempted"
    member: Id
    gate: Literal["study", "talks", "self_examination", "attendance"]
    reason: Content


class OpinionBatchClosed(Event):
    """A batch of opinions reconciled: returned = valid + blank + spoiled."""

    kind: Literal["OpinionBatchClosed"] = "OpinionBatchClosed"
    batch: Id
    channel: Literal["group_meeting", "pre_shift", "forum", "form"]
    issued: int
    returned: int
    valid: int
    blank: int
    spoiled: int
    opinions: int


class OpinionsCompleted(Event):
    """Opinions have been sought on every channel planned."""

    kind: Literal["OpinionsCompleted"] = "OpinionsCompleted"


class TalkRequired(Event):
    """A talk with a member became due; ``to`` are the member and all who may hold it.

    Which occasion made it due stays in the sealed text.
    """

    kind: Literal["TalkRequired"] = "TalkRequired"
    member: Id
    talker: Literal["secretary", "committee"]
    content: Content
    to: tuple[Id, ...]


class TalkConfirmed(Event):
    """One of two confirmed a talk."""

    kind: Literal["TalkConfirmed"] = "TalkConfirmed"
    talk: Id
    other: Id
    held_on: date
    content: Content | None = None


class SelfExamSubmitted(Event):
    """A self-examination was handed in."""

    kind: Literal["SelfExamSubmitted"] = "SelfExamSubmitted"
    author: Id
    content: Content


class SelfExamReturned(Event):
    """A self-examination failed at least one criterion."""

    kind: Literal["SelfExamReturned"] = "SelfExamReturned"
    author: Id
    failed: tuple[Literal["factual", "accurate", "testable"], ...]
    reason: Content | None = None


class SelfExamApproved(Event):
    """A self-examination passed all three criteria."""

    kind: Literal["SelfExamApproved"] = "SelfExamApproved"
    author: Id


class MaterialReviewed(Event):
    """The superior approved or returned the meeting's material."""

    kind: Literal["MaterialReviewed"] = "MaterialReviewed"
    outcome: Literal["approved", "returned"]
    reason: Content | None = None


class StepRecorded(Event):
    """A step, prescribed or local, was carried out and evidenced."""

    kind: Literal["StepRecorded"] = "StepRecorded"
    step: str
    origin: Literal["prescribed", "local"]
    evidence: Content


class MemberStepRecorded(Event):
    """A member has come to a stage of a step for each member."""

    kind: Literal["MemberStepRecorded"] = "MemberStepRecorded"
    step: str
    origin: Literal["prescribed", "local"]
    member: Id
    stage: Id
    evidence: Content | None = None


class CycleReady(Event):
    """Every gate before the meeting is passed."""

    kind: Literal["CycleReady"] = "CycleReady"


class MeetingOpened(Event):
    """The roll was called and frozen; ``meeting`` counts from 1 within the cycle."""

    kind: Literal["MeetingOpened"] = "MeetingOpened"
    meeting: int
    due: tuple[Id, ...]
    present: tuple[Id, ...]
    leave: tuple[Id, ...]
    chair: Id
    recorder: Id


class AgendaItemStarted(Event):
    """An item of the agenda began."""

    kind: Literal["AgendaItemStarted"] = "AgendaItemStarted"
    item: str
    origin: Literal["prescribed", "local"]


class AgendaItemEnded(Event):
    """An item of the agenda ended complete."""

    kind: Literal["AgendaItemEnded"] = "AgendaItemEnded"
    item: str


class SelfExamDelivered(Event):
    """An approved self-examination was delivered in the meeting."""

    kind: Literal["SelfExamDelivered"] = "SelfExamDelivered"
    author: Id


class CriticismRecorded(Event):
    """A criticism was taken down; ``item`` counts from 1 within the cycle."""

    kind: Literal["CriticismRecorded"] = "CriticismRecorded"
    item: int
    critic: Id
    of: Id
    aspect: Id
    problem: Content
    suggestion: Content | None = None


class CriticismConfirmed(Event):
    """The critic confirmed the wording; a suggestion is on record."""

    kind: Literal["CriticismConfirmed"] = "CriticismConfirmed"
    item: int
    suggestion: Content


class CriticismReplied(Event):
    """The one criticised accepted, explained or contested."""

    kind: Literal["CriticismReplied"] = "CriticismReplied"
    item: int
    outcome: Literal["accepted", "explained", "contested"]
    content: Content | None = None


class CriticismDecided(Event):
    """Somebody outside the branch decided a contested criticism."""

    kind: Literal["CriticismDecided"] = "CriticismDecided"
    item: int
    outcome: Literal["upheld", "struck"]
    reason: Content


class GuestCheckedIn(Event):
    """A guest arrived; ``before_opening`` decides whether the session can be full."""

    kind: Literal["GuestCheckedIn"] = "GuestCheckedIn"
    guest: Id
    before_opening: bool


class GuestSpoke(Event):
    """A guest spoke, once and in turn."""

    kind: Literal["GuestSpoke"] = "GuestSpoke"
    step: str
    guest: Id
    content: Content


class GuestLeft(Event):
    """A guest left before the close."""

    kind: Literal["GuestLeft"] = "GuestLeft"
    guest: Id


class VoteCounted(Event):
    """A motion was voted on; ``due`` voting members were entitled."""

    kind: Literal["VoteCounted"] = "VoteCounted"
    motion: Id
    yes: int
    no: int
    abstain: int
    due: int
    outcome: Literal["carried", "rejected"]


class PollOpened(Event):
    """Ballots were handed out to the ``roll``, in the order of ids: it tells nothing."""

    kind: Literal["PollOpened"] = "PollOpened"
    monitor: Id
    roll: tuple[Id, ...]


class PollClosed(Event):
    """So many ballots came back; nothing was counted before."""

    kind: Literal["PollClosed"] = "PollClosed"
    returned: int


class PollCounted(Event):
    """The secret ballots on one member were counted; all zero when too few were valid."""

    kind: Literal["PollCounted"] = "PollCounted"
    member: Id
    excellent: int
    qualified: int
    basically_qualified: int
    unqualified: int


class MeetingClosed(Event):
    """The meeting ended; ``full_session`` guests stayed from before opening to close."""

    kind: Literal["MeetingClosed"] = "MeetingClosed"
    meeting: int
    invited: int
    spoke: int
    full_session: int


class VerdictProposed(Event):
    """A member was shown the verdict the committee means to give."""

    kind: Literal["VerdictProposed"] = "VerdictProposed"
    member: Id
    grade: Grade
    content: Content
    to: tuple[Id, ...] = ()


class VerdictReplied(Event):
    """The member accepted, explained or contested the verdict proposed."""

    kind: Literal["VerdictReplied"] = "VerdictReplied"
    member: Id
    outcome: Literal["accepted", "explained", "contested"]
    content: Content | None = None


class VerdictDecided(Event):
    """Somebody outside the branch decided a contested verdict."""

    kind: Literal["VerdictDecided"] = "VerdictDecided"
    member: Id
    outcome: Literal["upheld", "struck"]
    reason: Content


class VerdictTold(Event):
    """A member was told the committee's verdict in writing."""

    kind: Literal["VerdictTold"] = "VerdictTold"
    member: Id
    grade: Grade
    content: Content


class VerdictStruck(Event):
    """A verdict that was told stands no more; the member has none until told anew.

    It does not say which appeal it follows from, nor that the member appealed.
    """

    kind: Literal["VerdictStruck"] = "VerdictStruck"
    member: Id
    reason: Content
    to: tuple[Id, ...]


APPELLANT = "appellant"
"""Stands where an event would say whose appeal it is; no person has this id."""


class AppealFiled(Event):
    """Somebody appealed past the secretary; ``by`` does not say who."""

    kind: Literal["AppealFiled"] = "AppealFiled"
    appeal: int
    about: Literal["verdict", "criticism", "procedure", "other"]
    content: Content
    acknowledge_by: Computed
    decide_by: date
    to: tuple[Id, ...]


class RetaliationReported(Event):
    """Somebody complained of retaliation to the superior; ``by`` does not say who."""

    kind: Literal["RetaliationReported"] = "RetaliationReported"
    appeal: int
    content: Content
    copy_for_superior: Content
    acknowledge_by: Computed
    decide_by: date
    to: tuple[Id, ...]


class AppealAcknowledged(Event):
    """An appeal or a complaint was taken in hand."""

    kind: Literal["AppealAcknowledged"] = "AppealAcknowledged"
    appeal: int


class AppealLate(Event):
    """The day for taking an appeal in hand, or for deciding it, passed."""

    kind: Literal["AppealLate"] = "AppealLate"
    appeal: int
    what: Literal["acknowledgement", "decision"]
    due: date
    to: tuple[Id, ...]


class AppealDecided(Event):
    """An appeal or a complaint was decided; the reasons are sealed."""

    kind: Literal["AppealDecided"] = "AppealDecided"
    appeal: int
    outcome: Literal["upheld", "rejected"]
    reason: Content


AppealEvent: TypeAlias = (
    AppealFiled | RetaliationReported | AppealAcknowledged | AppealLate | AppealDecided
)


class ListsCompleted(Event):
    """The three lists are complete."""

    kind: Literal["ListsCompleted"] = "ListsCompleted"
    issues: int
    measures: int


class ReportSubmitted(Event):
    """The situation report was handed upward."""

    kind: Literal["ReportSubmitted"] = "ReportSubmitted"
    content: Content


class CycleReported(Event):
    """The superior accepted the situation report."""

    kind: Literal["CycleReported"] = "CycleReported"


class ReportReturned(Event):
    """The superior returned the situation report."""

    kind: Literal["ReportReturned"] = "ReportReturned"
    reason: Content


class ReportDueSet(Event):
    """The situation report is due on ``due.day``; the date explains itself."""

    kind: Literal["ReportDueSet"] = "ReportDueSet"
    due: Computed


class DeadlinesShifted(Event):
    """The clock of every open issue was stopped for ``days`` and goes on."""

    kind: Literal["DeadlinesShifted"] = "DeadlinesShifted"
    days: int


class LookBackDrawn(Event):
    """Which of the closed issues are looked at again: all ``key`` ones and a sample.

    ``seed`` is how many events the cycle and its issues had before this one, the turns of
    a rehearsal's calendar left out; whoever has the ledger can draw again, see
    engine.issue.aftercare.sample.
    """

    kind: Literal["LookBackDrawn"] = "LookBackDrawn"
    seed: str
    population: tuple[int, ...]
    key: tuple[int, ...]
    sampled: tuple[int, ...]


class CalendarChanged(Event):
    """Another working-day calendar is pinned."""

    kind: Literal["CalendarChanged"] = "CalendarChanged"
    calendar: Calendar
    reason: Content


class CycleArchived(Event):
    """The file is closed; an open issue has a named successor who answers for it."""

    kind: Literal["CycleArchived"] = "CycleArchived"


class CyclePostponed(Event):
    """The meeting's day was moved."""

    kind: Literal["CyclePostponed"] = "CyclePostponed"
    to: date
    reason: Content


class CycleHalted(Event):
    """A supervisor stopped the cycle; everything recorded is kept."""

    kind: Literal["CycleHalted"] = "CycleHalted"
    reason: Content


class CycleResumed(Event):
    """The cycle went on where it was halted."""

    kind: Literal["CycleResumed"] = "CycleResumed"


class RerunOrdered(Event):
    """A second meeting of the same cycle was ordered."""

    kind: Literal["RerunOrdered"] = "RerunOrdered"
    meeting_on: date
    reason: Content


class ClockAdvanced(Event):
    """A rehearsal's calendar was moved to ``to``."""

    kind: Literal["ClockAdvanced"] = "ClockAdvanced"
    to: AwareDatetime
    clock_shift_s: float


CycleEvent: TypeAlias = (
    CyclePlanned
    | PolicyPinned
    | PlanPinned
    | PlanBlocked
    | PlanDecided
    | ReplanOrdered
    | PlanFiled
    | FilingAccepted
    | StudyHeld
    | GateExempted
    | OpinionBatchClosed
    | OpinionsCompleted
    | TalkRequired
    | TalkConfirmed
    | SelfExamSubmitted
    | SelfExamReturned
    | SelfExamApproved
    | MaterialReviewed
    | StepRecorded
    | MemberStepRecorded
    | CycleReady
    | MeetingOpened
    | AgendaItemStarted
    | AgendaItemEnded
    | SelfExamDelivered
    | CriticismRecorded
    | CriticismConfirmed
    | CriticismReplied
    | CriticismDecided
    | GuestCheckedIn
    | GuestSpoke
    | GuestLeft
    | VoteCounted
    | PollOpened
    | PollClosed
    | PollCounted
    | MeetingClosed
    | VerdictProposed
    | VerdictReplied
    | VerdictDecided
    | VerdictTold
    | VerdictStruck
    | AppealFiled
    | RetaliationReported
    | AppealAcknowledged
    | AppealLate
    | AppealDecided
    | ListsCompleted
    | ReportSubmitted
    | CycleReported
    | ReportReturned
    | ReportDueSet
    | DeadlinesShifted
    | LookBackDrawn
    | CalendarChanged
    | CycleArchived
    | CyclePostponed
    | CycleHalted
    | CycleResumed
    | RerunOrdered
    | ClockAdvanced
)

AnyEvent: TypeAlias = CycleEvent | IssueEvent

ANY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="kind")])
"""Reads any event of a cycle or of its issues back from its JSON form."""
