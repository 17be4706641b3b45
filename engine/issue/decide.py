"""The rules of one issue: what a command causes, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, get_args

from engine.issue import (
    acceptance,
    aftercare,
    closing,
    commands as c,
    deadlines,
    dispositions,
    errors,
    events as e,
    notice,
    work,
)
from engine.issue.bench import Bench
from engine.issue.state import Issue, Status
from engine.refusal import Refused, refuse

WORKING: tuple[Status, ...] = ("planned", "rectifying", "reopened")
CLAIMED: tuple[Status, ...] = ("claimed", *WORKING)
JUDGED: tuple[Status, ...] = ("submitted", "verifying")
OPEN: tuple[Status, ...] = ("found", *CLAIMED, *JUDGED, "mass_review", "noticed")

WHEN: dict[type[c.IssueCommand], tuple[Status, ...]] = {
    c.ClaimIssue: ("found",),
    c.ExplainIssue: ("found", "claimed"),
    c.AnswerExplanation: ("explaining",),
    c.MergeIssue: ("found", "claimed", "planned"),
    c.RuleOutOfRemit: ("found", "claimed", "explaining"),
    c.WithdrawIssue: ("found", "claimed", "explaining"),
    c.TransferIssue: CLAIMED,
    c.HandOverIssue: ("explaining", *OPEN),
    c.RaiseSeverity: ("found", *CLAIMED),
    c.AddMeasure: CLAIMED,
    c.ReportProgress: WORKING,
    c.FinishMeasure: WORKING,
    c.AddMilestone: CLAIMED,
    c.MeetMilestone: CLAIMED,
    c.MakeLongTerm: CLAIMED,
    c.ReviewLongTerm: OPEN,
    c.ReapproveLongTerm: OPEN,
    c.RequestExtension: CLAIMED,
    c.DecideExtension: OPEN,
    c.ApplySignOff: WORKING,
    c.IssueRedoNotice: (*WORKING, *JUDGED, "mass_review"),
    c.IssueChaseNotice: OPEN,
    c.IssueSlip: (*CLAIMED, *JUDGED),
    c.AnswerSlip: OPEN,
    c.GiveVerdict: JUDGED,
    c.OpenMassReview: ("verifying",),
    c.CountMassReview: ("mass_review",),
    c.CallBack: (*OPEN, "closed"),
    c.ContestRating: ("mass_review", *CLAIMED),
    c.DecideRating: ("mass_review", *CLAIMED),
    c.ApproveNoReview: ("mass_review",),
    c.ApproveIssue: ("mass_review",),
    c.DraftNotice: ("mass_review",),
    c.ClearNotice: ("mass_review",),
    c.PostNotice: ("mass_review",),
    c.RaiseObjection: ("noticed",),
    c.DecideObjection: ("noticed",),
    c.CloseIssue: OPEN,
    c.LookBack: ("closed",),
    c.ReopenIssue: ("closed",),
}
"""Command to the stages at which it may be asked; closing always answers with reasons."""

OWNERS_WORK = (
    c.AddMeasure, c.ReportProgress, c.FinishMeasure, c.ApplySignOff, c.AddMilestone,
    c.MeetMilestone,
)  # fmt: skip

Rule: TypeAlias = Callable[[Issue, Any, Bench], tuple[e.IssueEvent, ...]]


RULES: dict[type[c.IssueCommand], Rule] = {
    **dict.fromkeys(get_args(work.OwnerCommand), work.decide_owner),
    **dict.fromkeys(get_args(work.WorkCommand), work.decide),
    **dict.fromkeys(get_args(dispositions.DispositionCommand), dispositions.decide),
    **dict.fromkeys(get_args(deadlines.DeadlineCommand), deadlines.decide),
    **dict.fromkeys(get_args(deadlines.LongTermCommand), deadlines.decide_long_term),
    **dict.fromkeys(get_args(acceptance.AcceptanceCommand), acceptance.decide),
    **dict.fromkeys(get_args(notice.NoticeCommand), notice.decide),
    **dict.fromkeys(get_args(aftercare.AftercareCommand), aftercare.decide),
    c.CloseIssue: closing.decide,
}
"""Command to the room's part that decides it."""


def decide(issue: Issue, command: c.IssueCommand, bench: Bench) -> tuple[e.IssueEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    refuse(_out_of_place(issue, command))
    return RULES[type(command)](issue, command, bench)


def _out_of_place(issue: Issue, command: c.IssueCommand) -> Iterator[Refused]:
    """Yield every reason that does not depend on the command's own rule."""
    number = issue.number
    if isinstance(command, c.ClaimIssue) and issue.owner is not None:
        yield errors.AlreadyClaimed(number, issue.owner)
    elif issue.status not in (wanted := WHEN[type(command)]):
        yield errors.WrongIssueStatus(number, issue.status, wanted)
    if isinstance(command, OWNERS_WORK) and issue.owner not in (None, command.by):
        yield errors.NotTheOwner(number, str(issue.owner))
    if isinstance(command, c.ReportProgress | c.FinishMeasure | c.GiveVerdict):
        yield from _wrong_measure(issue, command)
    if isinstance(command, c.FinishMeasure) and not command.evidence:
        yield errors.EvidenceMissing(number, command.measure)


def _wrong_measure(
    issue: Issue, command: c.ReportProgress | c.FinishMeasure | c.GiveVerdict
) -> Iterator[Refused]:
    measure = issue.measure(command.measure)
    if measure is None:
        yield errors.NoSuchMeasure(issue.number, command.measure)
    elif measure.done and not isinstance(command, c.GiveVerdict):
        yield errors.MeasureAlreadyDone(issue.number, command.measure)
