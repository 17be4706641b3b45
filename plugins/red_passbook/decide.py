"""The rules of a passbook: from a command to events, or to a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from . import commands as c, events as e, refusals as r
from .book import Book, Entry

Events: TypeAlias = tuple[e.PassbookEvent, ...]


def decide(book: Book, command: c.Command, *, today: date) -> Events:
    """Return the events ``command`` causes on ``today``, or raise ``FactRefused``."""
    if isinstance(command, c.OpenPassbook):
        if book.registrar:
            raise r.PassbookNotOpen
        return (e.PassbookOpened(by=command.by, on=today, registrar=command.registrar),)
    if not book.registrar:
        raise r.PassbookNotOpen
    return DECIDE[type(command)](book, command, today)


def _named(book: Book, command: c.NameRegistrar, today: date) -> Events:
    _only(command.by, book.secretary)
    return (e.RegistrarNamed(by=command.by, on=today, registrar=command.registrar),)


def _rules(book: Book, command: c.PublishRules, today: date) -> Events:
    _only(command.by, book.registrar)
    if command.effective < today:
        raise r.RulesFromThePast(command.effective.isoformat(), today.isoformat())
    version, said = len(book.rules) + 1, {"by": command.by, "on": today}
    head = e.RuleSetPublished(
        **said, version=version, effective=command.effective,
        dispute_days=command.dispute_days,
    )  # fmt: skip
    rules = sorted(command.rules.items())
    lines = (e.RulePublished(**said, version=version, act=a, points=p) for a, p in rules)
    return (head, *lines)


def _posted(book: Book, command: c.PostPoints, today: date) -> Events:
    _only(command.by, book.registrar)
    if command.person == command.by and not command.source:
        raise r.OwnEntry(command.by)
    rules = book.rules_on(command.day)
    if rules is None:
        raise r.RulesNotPublished(command.day.isoformat())
    if command.act not in rules.points:
        raise r.ActNotInRules(command.act, rules.version)
    return (
        e.PointsPosted(
            on=today, entry=len(book.entries) + 1, version=rules.version,
            points=rules.points[command.act], **command.model_dump(),
        ),
    )  # fmt: skip


def _reversed(book: Book, command: c.ReversePoints, today: date) -> Events:
    _only(command.by, book.registrar)
    if _entry(book, command.entry).posted.person == command.by:
        raise r.OwnEntry(command.by)
    return (e.PointsReversed(by=command.by, on=today, entry=command.entry),)


def _disputed(book: Book, command: c.DisputePoints, today: date) -> Events:
    entry = _entry(book, command.entry)
    _only(command.by, entry.posted.person)
    until = book.disputable_until(entry)
    if entry.dispute != "none" or today > until:
        raise r.NotDisputable(command.entry, (until - entry.posted.on).days)
    return (e.PointsDisputed(by=command.by, on=today, entry=command.entry),)


def _decided(book: Book, command: c.DecideDispute, today: date) -> Events:
    """Return the decision; what was wrong is reversed with it."""
    _only(command.by, book.secretary)
    entry = _entry(book, command.entry)
    if entry.dispute != "open":
        raise r.NotDisputable(command.entry, 0)
    said = {"by": command.by, "on": today, "entry": command.entry}
    decided = e.DisputeDecided(**said, upheld=command.upheld)
    return (decided, e.PointsReversed(**said)) if command.upheld else (decided,)


def _redeemed(book: Book, command: c.RedeemPoints, today: date) -> Events:
    _only(command.by, book.registrar)
    if command.person == command.by:
        raise r.OwnEntry(command.by)
    held = book.total(command.person)
    if held < command.points:
        raise r.NotEnoughPoints(held=held, needed=command.points)
    return (e.PointsRedeemed(on=today, **command.model_dump()),)


def _published(book: Book, command: c.PublishPoints, today: date) -> Events:
    _only(command.by, book.registrar)
    said = {"by": command.by, "on": today, "publication": len(book.published) + 1}
    totals = book.totals().items()
    lines = (e.TotalPublished(**said, person=person, points=held) for person, held in totals)
    return (e.PointsPublished(**said), *lines)


def _only(by: str, role: str) -> None:
    if by != role:
        raise r.Forbidden(by, role)


def _entry(book: Book, number: int) -> Entry:
    """Return the entry of that number that still counts.

    Raises:
        NoSuchEntry: there is none.
    """
    for entry in book.entries:
        if entry.posted.entry == number and not entry.reversed:
            return entry
    raise r.NoSuchEntry(number)


DECIDE: dict[type[c.Command], Callable[[Book, Any, date], Events]] = {
    c.NameRegistrar: _named,
    c.PublishRules: _rules,
    c.PostPoints: _posted,
    c.ReversePoints: _reversed,
    c.DisputePoints: _disputed,
    c.DecideDispute: _decided,
    c.RedeemPoints: _redeemed,
    c.PublishPoints: _published,
}
"""Command to the function that decides it; a test holds it to every command there is."""
