"""What may be written about a portrait, by whom and when; else a reason in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from engine import FactRefused

from . import facts as f
from .portraits import Branch, Branches, Portrait, Statement

Asked: TypeAlias = f.StatementMade | f.StatementChecked | f.SubjectReplied | f.ContestDecided
"""What people ask; the rest is what the ledger says."""


def check(branches: Branches, fact: f.PortraitFact) -> None:
    """Let what a person asks pass, or say why not; what the ledger says always passes.

    Raises:
        FactRefused: somebody else's part, out of time, without a source, or sealed.
    """
    if not isinstance(fact, Asked):
        return
    branch = branches.get(fact.cycle, Branch())
    portrait = branch.portraits.get(fact.member)
    if not branch.planned or portrait is None:
        raise FactRefused(
            f"{fact.cycle} 没有 {fact.member} 的研判",
            f"{fact.cycle} has no portrait of {fact.member}",
        )
    if portrait.stage == "sealed":
        raise FactRefused("会已开完,肖像已封存", "the meeting is over, portraits are sealed")
    CHECKS[type(fact)](branch, portrait, fact)


def _statement(branch: Branch, portrait: Portrait, fact: f.StatementMade) -> None:
    _one_of(fact, branch.drafters)
    if fact.by == portrait.member:
        raise FactRefused("本人的肖像由别人写", "one's own portrait is written by others")
    if fact.seen > fact.on:
        raise FactRefused(
            f"出处日期 {fact.seen} 还没到", f"its source {fact.seen} is yet to come"
        )
    if portrait.past("fact_checked"):
        raise FactRefused("核实以后不再添加", "nothing is added once the facts are checked")


def _checked(branch: Branch, portrait: Portrait, fact: f.StatementChecked) -> None:
    _one_of(fact, branch.checkers)
    found = _numbered(portrait, fact.statement)
    if fact.by in (found.by, portrait.member):
        raise FactRefused(
            "起草人和本人都不能核对", "neither its author nor its subject checks a statement"
        )
    if portrait.past("shown"):
        raise FactRefused("给本人看以前核对", "facts are checked before the subject sees them")


def _replied(branch: Branch, portrait: Portrait, fact: f.SubjectReplied) -> None:
    _one_of(fact, (portrait.member,))
    if portrait.stage != "shown":
        raise FactRefused(
            "给本人看了才能回话,确认以前为止", "a reply comes between shown and confirmed"
        )
    if fact.outcome != "contested":
        return
    if fact.statement is None:
        raise FactRefused(
            "请说明对第几句有异议", "say which statement is contested: statement=N"
        )
    if _numbered(portrait, fact.statement).contest != "none":
        raise FactRefused(
            f"第 {fact.statement} 句已提过异议", f"{fact.statement} was contested before"
        )


def _decided(branch: Branch, portrait: Portrait, fact: f.ContestDecided) -> None:
    if fact.by in branch.portraits:
        raise FactRefused(
            f"{fact.by} 是本支部的人,异议由支部以外的人定",
            f"{fact.by} is of the branch; somebody outside it decides",
        )
    if _numbered(portrait, fact.statement).contest != "open":
        raise FactRefused(
            f"第 {fact.statement} 句没有待定的异议", f"{fact.statement} is not contested"
        )


def _one_of(fact: f.Fact, those: tuple[str, ...]) -> None:
    if fact.by not in those:
        raise FactRefused(
            f"{fact.by} 不能办理,应由 {'、'.join(those)} 办理",
            f"forbidden for {fact.by}; it is for {', '.join(those)}",
        )


def _numbered(portrait: Portrait, number: int) -> Statement:
    if number > len(portrait.statements):
        raise FactRefused(f"没有第 {number} 句", f"there is no statement {number}")
    return portrait.statements[number - 1]


CHECKS: dict[type[f.Fact], Callable[[Branch, Portrait, Any], None]] = {
    f.StatementMade: _statement,
    f.StatementChecked: _checked,
    f.SubjectReplied: _replied,
    f.ContestDecided: _decided,
}
"""What people ask to the function that looks at it."""
