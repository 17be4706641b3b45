# size: one class per command; the list is the vocabulary
"""What people ask of a cycle. Texts are references into the vault, persons opaque ids."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from engine.issue.commands import Count, FindIssue, IssueCommand
from engine.plan.steps import PluginId
from engine.policy.calendar import Calendar
from engine.policy.pack import Policy
from engine.policy.roles import Person, Shield
from engine.record import Command, Content, Id

BRANCH_DOCUMENT = "branch"
"""The author id of the branch's own self-examination, delivered before personal ones."""

Aspect: TypeAlias = Id
ItemNumber: TypeAlias = Annotated[int, Field(ge=1)]
Persons: TypeAlias = Annotated[tuple[Id, ...], Field(max_length=5000)]
StepId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$", max_length=80)]


class OpenCycle(Command):
    """Open the cycle of a unit; everything here is pinned for the cycle's life.

    ``plugins`` names the plugins whose steps the unit wants; None takes every one that is
    on for it. ``rehearsal_from`` makes it a rehearsal: its calendar starts there and is
    moved by ``advance_clock``. A real cycle has the wall clock and no such command.
    ``shields`` are left by the unit's earlier cycles; see engine.cycle.shield.
    """

    kind: Literal["open_cycle"] = "open_cycle"
    cycle: Id
    unit: Id
    meeting_on: date
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=5000)]
    books: tuple[Id, ...] = ()
    policy: Policy
    evaluation: bool = False
    plugins: Annotated[tuple[PluginId, ...], Field(max_length=50)] | None = None
    rehearsal_from: AwareDatetime | None = None
    shields: Annotated[tuple[Shield, ...], Field(max_length=10_000)] | None = None


class DecidePlan(Command):
    """Decide a plan that is blocked because a required plugin is not in it."""

    kind: Literal["decide_plan"] = "decide_plan"
    choice: Literal["retry", "drop"]
    reason: Content


class Replan(Command):
    """Compose the plan again; only steps that lie ahead may change."""

    kind: Literal["replan"] = "replan"
    reason: Content


class FilePlan(Command):
    """Hand the plan of the cycle upward."""

    kind: Literal["file_plan"] = "file_plan"
    content: Content


class AcceptFiling(Command):
    """Take note of the filed plan as the superior."""

    kind: Literal["accept_filing"] = "accept_filing"


class HoldStudy(Command):
    """Record a study session: its form, who took part, which set books were read."""

    kind: Literal["hold_study"] = "hold_study"
    form: Literal["collective", "individual", "discussion", "lecture"]
    held_on: date
    participants: Annotated[Persons, Field(min_length=1)]
    books: tuple[Id, ...] = ()
    evidence: Content


class ExemptMember(Command):
    """Excuse a member from one requirement for age, illness or the like."""

    kind: Literal["exempt_member"] = "exempt_member"
    member: Id
    gate: Literal["study", "talks", "self_examination", "attendance"]
    reason: Content


class CloseOpinionBatch(Command):
    """Close a batch of opinions by its counts; the opinions themselves stay in SQL."""

    kind: Literal["close_opinion_batch"] = "close_opinion_batch"
    batch: Id
    channel: Literal["group_meeting", "pre_shift", "forum", "form"]
    issued: Count = 0
    returned: Count = 0
    valid: Count = 0
    blank: Count = 0
    spoiled: Count = 0
    opinions: Count = 0


class CompleteOpinions(Command):
    """Declare that opinions have been sought on every channel planned."""

    kind: Literal["complete_opinions"] = "complete_opinions"


Talker: TypeAlias = Literal["secretary", "committee"]


class RequireTalk(Command):
    """Say that a talk with a member is due; which occasion made it so is in the text."""

    kind: Literal["require_talk"] = "require_talk"
    member: Id
    talker: Talker
    content: Content


class ConfirmTalk(Command):
    """Confirm a heart-to-heart talk; it counts when both have confirmed it."""

    kind: Literal["confirm_talk"] = "confirm_talk"
    talk: Id
    other: Id
    held_on: date
    content: Content | None = None


class SubmitSelfExam(Command):
    """Hand in a self-examination: one's own, or the branch's as its secretary."""

    kind: Literal["submit_self_exam"] = "submit_self_exam"
    author: Id
    content: Content


Verdict: TypeAlias = Literal["pass", "return"]


class ReviewSelfExam(Command):
    """Judge a self-examination by the three criteria 写得实、画像准、过得硬."""

    kind: Literal["review_self_exam"] = "review_self_exam"
    author: Id
    factual: Verdict
    accurate: Verdict
    testable: Verdict
    reason: Content | None = None


class ReviewMaterial(Command):
    """Approve or return the meeting's material as the superior or guidance group."""

    kind: Literal["review_material"] = "review_material"
    outcome: Literal["approved", "returned"]
    reason: Content | None = None


class RecordStep(Command):
    """Record the evidence that a step, prescribed or local, was carried out."""

    kind: Literal["record_step"] = "record_step"
    step: StepId
    evidence: Content


class RecordMemberStep(Command):
    """Record that a member has come to the next stage of a step for each member."""

    kind: Literal["record_member_step"] = "record_member_step"
    step: StepId
    member: Id
    stage: Id
    evidence: Content | None = None


class OpenMeeting(Command):
    """Open the meeting: the roll is called and frozen."""

    kind: Literal["open_meeting"] = "open_meeting"
    present: Annotated[Persons, Field(min_length=1)]
    leave: Persons = ()
    chair: Id
    recorder: Id


class StartItem(Command):
    """Begin the next item of the agenda; the one before it ends."""

    kind: Literal["start_item"] = "start_item"
    item: StepId


class DeliverSelfExam(Command):
    """Record that an approved self-examination was delivered."""

    kind: Literal["deliver_self_exam"] = "deliver_self_exam"
    author: Id


class RecordCriticism(Command):
    """Record one criticism: who, of whom (a person or ``branch``), fact and suggestion."""

    kind: Literal["record_criticism"] = "record_criticism"
    critic: Id
    of: Id
    aspect: Aspect
    problem: Content
    suggestion: Content | None = None


class ConfirmCriticism(Command):
    """Confirm the wording as the critic, adding a suggestion that was missing."""

    kind: Literal["confirm_criticism"] = "confirm_criticism"
    item: ItemNumber
    suggestion: Content | None = None


class ReplyToCriticism(Command):
    """Answer a criticism as the one criticised."""

    kind: Literal["reply_to_criticism"] = "reply_to_criticism"
    item: ItemNumber
    outcome: Literal["accepted", "explained", "contested"]
    content: Content | None = None


class DecideCriticism(Command):
    """Decide a contested criticism from outside the branch: it stands, or it is struck."""

    kind: Literal["decide_criticism"] = "decide_criticism"
    item: ItemNumber
    outcome: Literal["upheld", "struck"]
    reason: Content


class CheckInGuest(Command):
    """Record that an invited guest has arrived."""

    kind: Literal["check_in_guest"] = "check_in_guest"
    guest: Id


class RecordSpeech(Command):
    """Record a guest's speech; each speaks exactly once, in the order invited."""

    kind: Literal["record_speech"] = "record_speech"
    guest: Id
    content: Content


class CheckOutGuest(Command):
    """Record that a guest has left before the close."""

    kind: Literal["check_out_guest"] = "check_out_guest"
    guest: Id


class CountVote(Command):
    """Report a vote on a motion of the meeting."""

    kind: Literal["count_vote"] = "count_vote"
    motion: Id
    yes: Count
    no: Count
    abstain: Count = 0


class OpenPoll(Command):
    """Hand out the ballots: the roll of who got one, apart from every ballot."""

    kind: Literal["open_poll"] = "open_poll"
    monitor: Id
    roll: Annotated[Persons, Field(min_length=1)]


class ClosePoll(Command):
    """Say how many ballots came back, or set it right; only then is anything counted."""

    kind: Literal["close_poll"] = "close_poll"
    returned: Count


class CountPoll(Command):
    """Report the secret ballots on one member, by grade; with no numbers: no result."""

    kind: Literal["count_poll"] = "count_poll"
    member: Id
    excellent: Count = 0
    qualified: Count = 0
    basically_qualified: Count = 0
    unqualified: Count = 0


class CloseMeeting(Command):
    """Close the meeting; refused with every item and speaker still missing."""

    kind: Literal["close_meeting"] = "close_meeting"


Grade: TypeAlias = Literal["excellent", "qualified", "basically_qualified", "unqualified"]


class ProposeVerdict(Command):
    """Show a member the verdict the committee means to give, before it is final."""

    kind: Literal["propose_verdict"] = "propose_verdict"
    member: Id
    grade: Grade
    content: Content


class ReplyToVerdict(Command):
    """Answer the verdict proposed for oneself."""

    kind: Literal["reply_to_verdict"] = "reply_to_verdict"
    outcome: Literal["accepted", "explained", "contested"]
    content: Content | None = None


class DecideVerdict(Command):
    """Decide a contested verdict from outside the branch: it stands, or it is struck."""

    kind: Literal["decide_verdict"] = "decide_verdict"
    member: Id
    outcome: Literal["upheld", "struck"]
    reason: Content


class TellVerdict(Command):
    """Record that a member was told the committee's verdict in writing, as it was shown.

    ``content`` is for cycles of the first edition of rights, which could tell other words.
    """

    kind: Literal["tell_verdict"] = "tell_verdict"
    member: Id
    grade: Grade
    content: Content | None = None


class StrikeVerdict(Command):
    """Strike a verdict that was told, after an appeal in this cycle was upheld."""

    kind: Literal["strike_verdict"] = "strike_verdict"
    member: Id
    reason: Content


class FileAppeal(Command):
    """Appeal past the secretary; what is appealed against is in the sealed text."""

    kind: Literal["file_appeal"] = "file_appeal"
    about: Literal["verdict", "criticism", "procedure", "other"]
    content: Content


class ReportRetaliation(Command):
    """Complain of retaliation to the superior, with a copy sealed apart for the file."""

    kind: Literal["report_retaliation"] = "report_retaliation"
    content: Content
    copy_for_superior: Content


class AcknowledgeAppeal(Command):
    """Take an appeal or a complaint in hand."""

    kind: Literal["acknowledge_appeal"] = "acknowledge_appeal"
    appeal: ItemNumber


class DecideAppeal(Command):
    """Decide an appeal or a complaint, with the reasons sealed."""

    kind: Literal["decide_appeal"] = "decide_appeal"
    appeal: ItemNumber
    outcome: Literal["upheld", "rejected"]
    reason: Content


class CompleteLists(Command):
    """Declare the three lists complete: each issue claimed and measured."""

    kind: Literal["complete_lists"] = "complete_lists"


class SubmitReport(Command):
    """Hand the situation report upward."""

    kind: Literal["submit_report"] = "submit_report"
    content: Content


class AcceptReport(Command):
    """Accept the situation report."""

    kind: Literal["accept_report"] = "accept_report"


class ReturnReport(Command):
    """Return the situation report to be done again."""

    kind: Literal["return_report"] = "return_report"
    reason: Content


class ArchiveCycle(Command):
    """Close the file; refused while any step or issue is open."""

    kind: Literal["archive_cycle"] = "archive_cycle"


class PostponeMeeting(Command):
    """Move the meeting's day; the gates stay as they are."""

    kind: Literal["postpone_meeting"] = "postpone_meeting"
    to: date
    reason: Content


class HaltCycle(Command):
    """Stop everything; what was recorded is kept."""

    kind: Literal["halt_cycle"] = "halt_cycle"
    reason: Content


class ResumeCycle(Command):
    """Go on where the cycle was halted."""

    kind: Literal["resume_cycle"] = "resume_cycle"


class OrderRerun(Command):
    """Order a second meeting of the same cycle; the first stays on record."""

    kind: Literal["order_rerun"] = "order_rerun"
    meeting_on: date
    reason: Content


class ChangeCalendar(Command):
    """Pin another working-day calendar; every date that counts on it is counted again."""

    kind: Literal["change_calendar"] = "change_calendar"
    calendar: Calendar
    reason: Content


class AdvanceClock(Command):
    """Move a rehearsal's calendar forward."""

    kind: Literal["advance_clock"] = "advance_clock"
    to: AwareDatetime


CycleOwnCommand: TypeAlias = (
    DecidePlan
    | Replan
    | FilePlan
    | AcceptFiling
    | HoldStudy
    | ExemptMember
    | CloseOpinionBatch
    | CompleteOpinions
    | RequireTalk
    | ConfirmTalk
    | SubmitSelfExam
    | ReviewSelfExam
    | ReviewMaterial
    | RecordStep
    | RecordMemberStep
    | OpenMeeting
    | StartItem
    | DeliverSelfExam
    | RecordCriticism
    | ConfirmCriticism
    | ReplyToCriticism
    | DecideCriticism
    | CheckInGuest
    | RecordSpeech
    | CheckOutGuest
    | CountVote
    | OpenPoll
    | ClosePoll
    | CountPoll
    | CloseMeeting
    | ProposeVerdict
    | ReplyToVerdict
    | DecideVerdict
    | TellVerdict
    | StrikeVerdict
    | FileAppeal
    | ReportRetaliation
    | AcknowledgeAppeal
    | DecideAppeal
    | CompleteLists
    | SubmitReport
    | AcceptReport
    | ReturnReport
    | ArchiveCycle
    | PostponeMeeting
    | HaltCycle
    | ResumeCycle
    | OrderRerun
    | ChangeCalendar
    | AdvanceClock
)
CycleCommand: TypeAlias = CycleOwnCommand | FindIssue | IssueCommand

COMMAND: TypeAdapter[CycleCommand] = TypeAdapter(
    Annotated[CycleCommand, Field(discriminator="kind")]
)
"""Reads any command of a running cycle from JSON; every wrong field is named."""
