"""Portraits as they stand, and what is remarkable about each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from . import facts as f

Contest: TypeAlias = Literal["none", "open", "upheld", "rejected"]
STAGES = ("not_started", "drafted", "fact_checked", "shown", "confirmed", "sealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing a portrait says; a contested one counts for nothing until it is decided."""

    source: f.Source
    seen: date
    by: str
    checked_by: str = ""
    contest: Contest = "none"

    @property
    def counts(self) -> bool:
        """Say whether the statement stands."""
        return self.contest in ("none", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """One member's; ``by`` has for each stage who recorded it."""

    member: str
    stage: str = "not_started"
    by: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    reply: f.Outcome | None = None
    examined_early: bool = False

    def past(self, stage: str) -> bool:
        """Say whether the portrait has come to ``stage`` or further."""
        return STAGES.index(self.stage) >= STAGES.index(stage)

    @property
    def contested(self) -> bool:
        """Say whether a statement waits for a decision from outside the branch."""
        return any(statement.contest == "open" for statement in self.statements)

    def remarks(self) -> Iterator[str]:
        """Yield what somebody has to look at, as codes."""
        standing = [statement for statement in self.statements if statement.counts]
        if self.past("fact_checked"):
            if not standing:
                yield "no_source"
            if any(not statement.checked_by for statement in standing):
                yield "unchecked"
            if self.by.get("fact_checked") in (self.by.get("drafted"), self.member):
                yield "checked_by_author"
        if self.contested:
            yield "contested"
        lapsed = self.by.get("confirmed") not in (None, self.member)
        if self.past("confirmed") and lapsed and self.reply is None:
            yield "kept_silent"
        if self.examined_early:
            yield "examined_before_portrait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The portraits of one cycle, in the order of its roster."""

    planned: bool = False
    drafters: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    portraits: Mapping[str, Portrait] = field(default_factory=dict)

    def missing(self) -> tuple[str, ...]:
        """Return the members whose portrait is not confirmed."""
        return tuple(m for m, p in self.portraits.items() if not p.past("confirmed"))


Branches: TypeAlias = Mapping[str, Branch]


def fold(facts: Iterable[f.PortraitFact]) -> Branches:
    """Return the portraits after ``facts``, by cycle."""
    found: Branches = {}
    for fact in facts:
        found = {**found, fact.cycle: evolve(found.get(fact.cycle, Branch()), fact)}
    return found


def evolve(branch: Branch, fact: f.PortraitFact) -> Branch:
    """Return the portraits of a cycle after ``fact``. Never refuses."""
    match fact:
        case f.MemberDue(member=member):
            return replace(
                branch,
                drafters=(*branch.drafters, *([member] if fact.drafts else [])),
                checkers=(*branch.checkers, *([member] if fact.checks else [])),
                portraits={**branch.portraits, member: Portrait(member=member)},
            )
        case f.PortraitsPlanned():
            return replace(branch, planned=True)
        case f.PortraitsSealed():
            sealed = {m: replace(p, stage="sealed") for m, p in branch.portraits.items()}
            return replace(branch, portraits=sealed)
        case _ if fact.member in branch.portraits:
            moved = _moved(branch.portraits[fact.member], fact)
            return replace(branch, portraits={**branch.portraits, fact.member: moved})
        case _:
            return branch


def _moved(portrait: Portrait, fact: f.PortraitFact) -> Portrait:
    match fact:
        case f.StageReached(stage=stage, by=by):
            return replace(portrait, stage=stage, by={**portrait.by, stage: by})
        case f.StatementMade(source=source, seen=seen, by=by):
            made = Statement(source=source, seen=seen, by=by)
            return replace(portrait, statements=(*portrait.statements, made))
        case f.StatementChecked(statement=number, by=by):
            return _with(portrait, number, lambda said: replace(said, checked_by=by))
        case f.SubjectReplied(outcome="contested", statement=int(number)):
            contested = _with(portrait, number, lambda said: replace(said, contest="open"))
            return replace(contested, reply="contested")
        case f.SubjectReplied(outcome=outcome):
            return replace(portrait, reply=outcome)
        case f.ContestDecided(statement=number, upheld=upheld):
            decided: Contest = "upheld" if upheld else "rejected"
            return _with(portrait, number, lambda said: replace(said, contest=decided))
        case f.ExaminationReviewed():
            early = portrait.examined_early or not portrait.past("confirmed")
            return replace(portrait, examined_early=early)
        case _:
            return portrait


def _with(
    portrait: Portrait, number: int, change: Callable[[Statement], Statement]
) -> Portrait:
    changed = [
        change(statement) if place == number else statement
        for place, statement in enumerate(portrait.statements, 1)
    ]
    return replace(portrait, statements=tuple(changed))
