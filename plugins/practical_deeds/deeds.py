"""Deeds and issues as they stand together, and the rules for linking them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from engine import FactRefused

from .facts import DeedCompleted, DeedFact, DeedLinked, DeedListed, IssueMoved

Key: TypeAlias = tuple[str, int]
Together: TypeAlias = Literal["open", "deed_done", "both_done", "closed_before_deed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One deed; ``issues`` are the ones it answers."""

    id: str
    due: date
    issues: tuple[Key, ...] = ()
    completed: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What the ledger told of an issue."""

    owner: str = ""
    closed: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything there is."""

    deeds: Mapping[str, Deed] = field(default_factory=dict)
    issues: Mapping[Key, Issue] = field(default_factory=dict)

    def linked(self, key: Key) -> tuple[Deed, ...]:
        """Return the deeds that answer an issue."""
        return tuple(deed for deed in self.deeds.values() if key in deed.issues)

    def together(self, key: Key) -> Together:
        """Return how an issue and its deeds stand: a closed one with a deed open is named."""
        done = all(deed.completed for deed in self.linked(key))
        if self.issues[key].closed:
            return "both_done" if done else "closed_before_deed"
        return "deed_done" if done else "open"


def fold(facts: Iterable[DeedFact]) -> Board:
    """Return the board after ``facts``."""
    board = Board()
    for fact in facts:
        board = evolve(board, fact)
    return board


def evolve(board: Board, fact: DeedFact) -> Board:
    """Return the board after ``fact``. Never refuses."""
    match fact:
        case DeedListed(deed=deed, due=due):
            return replace(board, deeds={**board.deeds, deed: Deed(id=deed, due=due)})
        case DeedLinked(deed=deed, cycle=cycle, issue=issue):
            issues = (*board.deeds[deed].issues, (cycle, issue))
            return _with(board, replace(board.deeds[deed], issues=issues))
        case DeedCompleted(deed=deed, on=on):
            return _with(board, replace(board.deeds[deed], completed=on))
        case IssueMoved(cycle=cycle, issue=issue):
            key = (cycle, issue)
            moved = _moved(board.issues.get(key, Issue()), fact)
            return replace(board, issues={**board.issues, key: moved})


def _with(board: Board, deed: Deed) -> Board:
    return replace(board, deeds={**board.deeds, deed.id: deed})


def _moved(issue: Issue, fact: IssueMoved) -> Issue:
    if fact.owner is not None:
        return replace(issue, owner=fact.owner)
    return replace(issue, closed=fact.on if fact.closed else None)


def check(board: Board, fact: DeedFact) -> None:
    """Let ``fact`` pass, or say why it may not be written.

    Raises:
        FactRefused: a deed twice or not listed, an issue nobody owns, another's issue.
    """
    if isinstance(fact, IssueMoved):
        return
    there = fact.deed in board.deeds
    if isinstance(fact, DeedListed):
        if there:
            raise FactRefused(f"已有实事 {fact.deed}", f"deed {fact.deed} is listed already")
        return
    if not there:
        raise FactRefused(f"没有实事 {fact.deed}", f"there is no deed {fact.deed}")
    deed = board.deeds[fact.deed]
    if deed.completed:
        raise FactRefused(f"实事 {deed.id} 已办结", f"deed {deed.id} is completed")
    if isinstance(fact, DeedLinked):
        _linkable(board, deed, fact)


def _linkable(board: Board, deed: Deed, fact: DeedLinked) -> None:
    """Refuse unless the owner links an open issue, once."""
    key = (fact.cycle, fact.issue)
    issue, name = board.issues.get(key), f"{fact.cycle}/{fact.issue}"
    if issue is None or issue.closed:
        raise FactRefused(f"问题 {name} 未认领或已销号", f"issue {name} is unclaimed or closed")
    if fact.by != issue.owner:
        raise FactRefused(f"应由 {issue.owner} 关联", f"only its owner {issue.owner} links it")
    if key in deed.issues:
        raise FactRefused(f"{name} 已关联 {deed.id}", f"{name} is linked to {deed.id} already")
