"""Rules before the meeting: plan, study, opinions, talks, self-examinations, review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from engine.cycle import commands as c, errors, events as e, talks
from engine.cycle.state import Cycle
from engine.policy.roles import SECRETARY, SUPERVISORS
from engine.refusal import Refused, refuse

PreparationCommand: TypeAlias = (
    c.FilePlan
    | c.AcceptFiling
    | c.HoldStudy
    | c.ExemptMember
    | c.CloseOpinionBatch
    | c.CompleteOpinions
    | c.RequireTalk
    | c.ConfirmTalk
    | c.SubmitSelfExam
    | c.ReviewSelfExam
    | c.ReviewMaterial
)


def decide(
    cycle: Cycle, command: PreparationCommand, now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    by = command.by
    match command:
        case c.FilePlan(content=content):
            return (e.PlanFiled(content=content, at=now, by=by),)
        case c.AcceptFiling():
            refuse(_once(cycle, "filing"))
            return (e.FilingAccepted(at=now, by=by),)
        case c.HoldStudy():
            refuse(_strangers(cycle, command.participants))
            return (e.StudyHeld(**command.model_dump(exclude={"kind", "by"}), at=now, by=by),)
        case c.ExemptMember(member=member, gate=gate, reason=reason):
            refuse(_strangers(cycle, (member,)))
            return (e.GateExempted(member=member, gate=gate, reason=reason, at=now, by=by),)
        case c.CloseOpinionBatch():
            refuse(_unreconciled(cycle, command))
            counts = command.model_dump(exclude={"kind", "by"})
            return (e.OpinionBatchClosed(**counts, at=now, by=by),)
        case c.CompleteOpinions():
            refuse((*_once(cycle, "opinions"), *_without_batch(cycle)))
            return (e.OpinionsCompleted(at=now, by=by),)
        case c.RequireTalk():
            return talks.require(cycle, command, now)
        case c.ConfirmTalk():
            return talks.confirm(cycle, command, now)
        case c.SubmitSelfExam():
            refuse(_may_not_submit(cycle, command))
            author, content = command.author, command.content
            return (e.SelfExamSubmitted(author=author, content=content, at=now, by=by),)
        case c.ReviewSelfExam():
            return _review(cycle, command, now)
        case c.ReviewMaterial(outcome=outcome, reason=reason):
            refuse(_once(cycle, "material_review"))
            if outcome == "returned" and reason is None:
                raise errors.FieldMissing("reason")
            return (e.MaterialReviewed(outcome=outcome, reason=reason, at=now, by=by),)
        case _ as unreachable:
            assert_never(unreachable)


def _once(cycle: Cycle, step: str) -> Iterator[Refused]:
    if step in cycle.recorded:
        yield errors.AlreadyDone(step)


def _strangers(cycle: Cycle, persons: tuple[str, ...]) -> Iterator[Refused]:
    members = set(cycle.members())
    if others := tuple(p for p in persons if p not in members):
        yield errors.NotDue(others)


def _unreconciled(cycle: Cycle, command: c.CloseOpinionBatch) -> Iterator[Refused]:
    batch = command.batch
    parts = command.valid + command.blank + command.spoiled
    if batch in cycle.batches:
        yield errors.AlreadyDone(batch)
    if command.returned > command.issued:
        yield errors.NotReconciled(batch, f"returned {command.returned} > {command.issued}")
    if parts != command.returned:
        yield errors.NotReconciled(batch, f"{parts} != returned {command.returned}")


def _without_batch(cycle: Cycle) -> Iterator[Refused]:
    if not cycle.batches:
        yield errors.FieldMissing("batch")


def _may_not_submit(cycle: Cycle, command: c.SubmitSelfExam) -> Iterator[Refused]:
    exam = cycle.self_exams.get(command.author)
    if command.author == c.BRANCH_DOCUMENT:
        if not cycle.people[command.by].holds(("branch_secretary",)):
            yield errors.NotYours("branch_secretary")
    elif command.author != command.by:
        yield errors.NotYours(command.author)
    if exam and exam.status != "returned":
        yield errors.AlreadyDone(f"self_examination {command.author}")


def _review(cycle: Cycle, command: c.ReviewSelfExam, now: datetime) -> tuple[e.CycleEvent, ...]:
    author, by = command.author, command.by
    failed = [
        name
        for name in ("factual", "accurate", "testable")
        if getattr(command, name) == "return"
    ]
    refuse(_may_not_review(cycle, command, failed=bool(failed)))
    if not failed:
        return (e.SelfExamApproved(author=author, at=now, by=by),)
    names: list[Literal["factual", "accurate", "testable"]] = failed  # type: ignore[assignment]
    return (
        e.SelfExamReturned(
            author=author, failed=tuple(names), reason=command.reason, at=now, by=by
        ),
    )


def _goes_up(cycle: Cycle, author: str) -> bool:
    """Say whether the document of ``author`` is reviewed above the branch (domain 2.6)."""
    if not cycle.pinned_policy.superior_reviews:
        return False
    return author in (c.BRANCH_DOCUMENT, *cycle.holders(SECRETARY))


def _may_not_review(
    cycle: Cycle, command: c.ReviewSelfExam, *, failed: bool
) -> Iterator[Refused]:
    exam = cycle.self_exams.get(command.author)
    if exam is None or exam.status != "submitted":
        yield errors.NothingToReview(command.author)
    writers = {command.author}
    if command.author == c.BRANCH_DOCUMENT:
        writers = set(cycle.holders(("branch_secretary",)))
    if command.by in writers:
        yield errors.ReviewerIsAuthor(command.author)
    elif _goes_up(cycle, command.author) and not cycle.people[command.by].holds(SUPERVISORS):
        yield errors.SuperiorReviews(command.author)
    if failed and command.reason is None:
        yield errors.FieldMissing("reason")
