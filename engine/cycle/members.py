"""Rules of a step that every member passes, stage by stage; the stages are data of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from engine.cycle import commands as c, errors, events as e
from engine.cycle.state import Cycle
from engine.plan.steps import PlannedStep, Stage
from engine.policy.calendar import local_day, working_days_after
from engine.refusal import Refused, refuse


def reached(cycle: Cycle, step: PlannedStep, member: str) -> int:
    """Return how many stages of ``step`` the member has passed."""
    name, _ = cycle.member_steps.get(step.id, {}).get(member, ("", None))
    return 1 + next((n for n, stage in enumerate(step.stages) if stage.name == name), -1)


def unfinished_members(cycle: Cycle, step: PlannedStep) -> tuple[str, ...]:
    """Return the members who have not passed the last stage of ``step``."""
    last = len(step.stages)
    return tuple(m for m in cycle.members() if reached(cycle, step, m) < last)


def record(
    cycle: Cycle, command: c.RecordMemberStep, steps: tuple[PlannedStep, ...], now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return the stage reached; ``steps`` are those of the phase the cycle is in."""
    known = tuple(s.id for s in steps if s.shape == "each_member")
    if command.step not in known:
        raise errors.NoSuchStep(command.step, known)
    if command.member not in cycle.members():
        raise errors.NotDue((command.member,))
    step = cycle.pinned_plan.step(command.step)
    passed = reached(cycle, step, command.member)
    if passed == len(step.stages):
        raise errors.AlreadyDone(f"{step.id} {command.member}")
    stage = step.stages[passed]
    refuse(_may_not_record(cycle, command, stage, local_day(now)))
    return (
        e.MemberStepRecorded(
            step=step.id, origin=step.origin, member=command.member, stage=stage.name,
            evidence=command.evidence, at=now, by=command.by,
        ),
    )  # fmt: skip


def _may_not_record(
    cycle: Cycle, command: c.RecordMemberStep, stage: Stage, today: date
) -> Iterator[Refused]:
    if command.stage != stage.name:
        yield errors.StageOutOfOrder(command.step, command.member, command.stage, stage.name)
    person = cycle.people[command.by]
    roles = tuple(role for role in stage.by if role != "subject")
    itself = "subject" in stage.by and person.id == command.member
    if itself or person.holds(roles) or _lapsed(cycle, command, stage, today):
        return
    yield errors.NotPermitted(command.by, f"{command.step} {stage.name}", stage.by)


def _lapsed(cycle: Cycle, command: c.RecordMemberStep, stage: Stage, today: date) -> bool:
    """Say whether the member kept silent so long that somebody else may go on."""
    held = cycle.member_steps.get(command.step, {}).get(command.member)
    if stage.lapses_to is None or held is None:
        return False
    policy, days = cycle.pinned_policy, stage.lapse_working_days
    last = working_days_after(held[1], days, policy, rule="reply_window").day
    return today > last and cycle.people[command.by].holds((stage.lapses_to,))
