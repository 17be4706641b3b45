"""Rules of appeals and complaints: past the secretary, with two days kept by time (P11, P13).

An appeal lies in a stream of its own, which no view of the cycle reads, and its events do
not say whose it is: the appellant is known to the sealed text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias, assert_never

from engine.cycle import commands as c, errors, events as e
from engine.cycle.state import Appeal, Cycle
from engine.issue.events import ENGINE
from engine.policy.calendar import day_after, local_day, working_days_after
from engine.policy.roles import SUPERIOR, Role

AppealCommand: TypeAlias = (
    c.FileAppeal | c.ReportRetaliation | c.AcknowledgeAppeal | c.DecideAppeal
)
Step: TypeAlias = Literal["acknowledgement", "decision"]


def decide(cycle: Cycle, command: AppealCommand, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    match command:
        case c.FileAppeal(about=about, content=content):
            return (e.AppealFiled(about=about, content=content, **_filed(cycle, about, now)),)
        case c.ReportRetaliation(content=content, copy_for_superior=copy):
            if copy == content:
                raise errors.CopyMissing()
            filed = _filed(cycle, "retaliation", now)
            return (e.RetaliationReported(content=content, copy_for_superior=copy, **filed),)
        case c.AcknowledgeAppeal(appeal=number):
            appeal = _waiting(cycle, number, command.by)
            if appeal.acknowledged:
                raise errors.AlreadyDone(f"acknowledge_appeal {number}")
            return (e.AppealAcknowledged(appeal=number, at=now, by=command.by),)
        case c.DecideAppeal(appeal=number, outcome=outcome, reason=reason):
            _waiting(cycle, number, command.by)
            return (
                e.AppealDecided(
                    appeal=number, outcome=outcome, reason=reason, at=now, by=command.by
                ),
            )
        case _ as unreachable:
            assert_never(unreachable)


def reviewers(cycle: Cycle, about: str) -> tuple[str, ...]:
    """Return who takes an appeal about ``about``: never anybody of the branch.

    The superior's appeal reviewers, or the superior where none is named; a complaint of
    retaliation goes to the superior first. Whoever decided such a matter takes none about
    it while somebody else is there: whose the appeal is nobody knows, so of any member.
    """
    members, judges = set(cycle.members()), _judges(cycle, about)
    ways: tuple[tuple[Role, ...], ...] = (("appeal_reviewer",), SUPERIOR)
    ordered = tuple(reversed(ways)) if about == "retaliation" else ways
    outside = [[p for p in cycle.holders(roles) if p not in members] for roles in ordered]
    apart = [[p for p in each if p not in judges] for each in outside]
    return tuple(next((found for found in (*apart, *outside) if found), ()))


def _judges(cycle: Cycle, about: str) -> frozenset[str]:
    """Return who proposed or decided a verdict, or a contested criticism, by ``about``."""
    if cycle.edition < 3:
        return frozenset()
    match about:
        case "verdict":
            return frozenset(p for each in cycle.proposals.values() for p in each.judges)
        case "criticism":
            return frozenset(i.decided_by for i in cycle.criticisms if i.decided_by)
        case _:
            return frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which an appeal is late unless somebody acts."""

    appeal: int
    step: Step
    day: date

    @property
    def at(self) -> datetime:
        """Return the moment from which it is late: the end of the day."""
        return day_after(self.day)


def dues(cycle: Cycle) -> Iterator[Due]:
    """Yield every day an appeal waits for and that has not been told as late."""
    for number, appeal in enumerate(cycle.appeals, 1):
        if appeal.decided:
            continue
        if not appeal.acknowledged and "acknowledgement" not in appeal.late:
            yield Due(number, "acknowledgement", appeal.acknowledge_by)
        if "decision" not in appeal.late:
            yield Due(number, "decision", appeal.decide_by)


def passed(cycle: Cycle, now: datetime) -> tuple[e.AppealLate, ...]:
    """Return which appeals have become late by ``now``, oldest first."""
    late = sorted((d for d in dues(cycle) if d.at <= now), key=lambda d: (d.at, d.appeal))
    return tuple(
        e.AppealLate(
            appeal=d.appeal, what=d.step, due=d.day, at=now, by=ENGINE,
            to=reviewers(cycle, cycle.appeals[d.appeal - 1].about),
        )
        for d in late
    )  # fmt: skip


def _filed(cycle: Cycle, about: str, now: datetime) -> dict[str, Any]:
    """Return what every new appeal states: number, days, for whom, and not by whom."""
    to, rights = reviewers(cycle, about), cycle.pinned_policy.rights
    assert rights is not None, "only a policy with rights has appeals"
    if not to:
        raise errors.NobodyOutside()
    today, days = local_day(now), rights.acknowledge_working_days
    return {
        "appeal": len(cycle.appeals) + 1,
        "acknowledge_by": working_days_after(
            today, days, cycle.pinned_policy, rule="acknowledge_working_days"
        ),
        "decide_by": today + timedelta(days=rights.decide_days),
        "to": to, "at": now, "by": e.APPELLANT,
    }  # fmt: skip


def _waiting(cycle: Cycle, number: int, by: str) -> Appeal:
    """Return the appeal that waits for ``by``; somebody else learns nothing of it."""
    appeal = cycle.appeals[number - 1] if number <= len(cycle.appeals) else None
    if appeal is None or by not in reviewers(cycle, appeal.about):
        raise errors.NoSuchAppeal(number)
    if appeal.decided:
        raise errors.AlreadyDone(f"decide_appeal {number}")
    return appeal
