"""What may be written about a round, by whom and when; else a reason in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine import FactRefused

from . import facts as f
from .rounds import Finding, Register


def check(register: Register, fact: f.AskedFact) -> None:
    """Let what a person asks pass, or say why not.

    Raises:
        FactRefused: no round is on, somebody else's part, or out of turn.
    """
    if not register.round:
        raise FactRefused(
            "还没有轮次:在 plugins.toml 写 round,听到周期的下一件事就开始",
            "no round is on: set round in plugins.toml; it begins with the cycle's next event",
        )
    CHECKS[type(fact)](register, fact)


def _assigned(register: Register, fact: f.GroupAssigned) -> None:
    _one_of(fact, register.superiors)
    if register.now.visited:
        raise FactRefused("本轮已走访,不再换组", "this round was visited; its group stays")


def _visited(register: Register, fact: f.VisitMade) -> None:
    _guide(register, fact)
    if not register.now.group:
        raise FactRefused("本轮还没有指派组", "no group is assigned in this round")


def _found(register: Register, fact: f.FindingMade) -> None:
    _after_visit(register, fact)
    if fact.asks != "correct" and fact.cycle not in register.cycles:
        raise FactRefused(
            f"请写明是哪个周期的会:cycle={' 或 '.join(register.cycles)}",
            f"say which cycle's meeting: cycle={' or '.join(register.cycles)}",
        )


def _sent(register: Register, fact: f.FindingsSent) -> None:
    _after_visit(register, fact)
    if register.now.sent and all(finding.sent for finding in register.findings):
        raise FactRefused("没有新的意见可送", "there is nothing new to send")


def _reported(register: Register, fact: f.CorrectionReported) -> None:
    _one_of(fact, register.branch)
    found = _numbered(register, fact.finding)
    if not found.sent or found.state != "open":
        raise FactRefused(
            f"第 {found.number} 条还没有送达,或已报整改",
            f"finding {found.number} was not sent, or is reported already",
        )


def _judged(register: Register, fact: f.CorrectionJudged) -> None:
    _guide(register, fact)
    found = _numbered(register, fact.finding)
    if found.state != "reported":
        raise FactRefused(
            f"第 {found.number} 条没有报整改", f"finding {found.number} is not reported"
        )


def _after_visit(register: Register, fact: f.Fact) -> None:
    _guide(register, fact)
    if not register.now.visited:
        raise FactRefused("本轮还没有走访", "no visit was made in this round")


def _guide(register: Register, fact: f.Fact) -> None:
    """Refuse unless a member of the group acts, and does not answer for the branch too."""
    _one_of(fact, register.guides)
    if fact.by in register.branch:
        raise FactRefused(
            f"{fact.by} 是本支部班子的人,不能指导自己",
            f"{fact.by} leads this branch; nobody guides themselves",
        )


def _one_of(fact: f.Fact, those: tuple[str, ...]) -> None:
    if fact.by not in those:
        raise FactRefused(
            f"{fact.by} 不能办理,应由 {'、'.join(those) or '(名册上没有人)'} 办理",
            f"forbidden for {fact.by}; it is for {', '.join(those) or '(nobody listed)'}",
        )


def _numbered(register: Register, number: int) -> Finding:
    if number > len(register.findings):
        raise FactRefused(f"没有第 {number} 条意见", f"there is no finding {number}")
    return register.findings[number - 1]


CHECKS: dict[type[f.Fact], Callable[[Register, Any], None]] = {
    f.GroupAssigned: _assigned,
    f.VisitMade: _visited,
    f.FindingMade: _found,
    f.FindingsSent: _sent,
    f.CorrectionReported: _reported,
    f.CorrectionJudged: _judged,
}
"""What people ask to the function that looks at it."""
