"""The rules of break-glass: two persons, one target, a time limit. Pure.

Source: domain P24.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from engine.policy.roles import Person, Role
from engine.reading import refusals
from engine.reading.events import GlassAgreed, GlassAsked, ReadingEvent, SealedContentRead
from engine.refusal import Refused, refuse

MOST_HOURS = 24
WAITS = timedelta(hours=24)
"""How long a second person may take to agree."""

SECONDS: tuple[Role, ...] = (
    "branch_secretary", "superior_officer", "privacy_officer", "archivist",
)  # fmt: skip
"""Who may agree: those who answer for the cycle."""

State: TypeAlias = Literal["asked", "in_force", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant as it stands; ``read`` counts what was opened under it."""

    id: str
    cycle: str
    asker: str
    asked_at: datetime
    hours: int
    reason: str
    subject: str | None = None
    content: str | None = None
    second: str | None = None
    until: datetime | None = None
    read: int = 0

    def state(self, now: datetime) -> State:
        """Return how it stands at ``now``: nobody has to end it."""
        if self.until is None:
            return "asked" if now < self.asked_at + WAITS else "over"
        return "in_force" if now < self.until else "over"

    def covers(self, content: str, subjects: Sequence[str]) -> bool:
        """Say whether it is for ``content``, which is sealed for or about ``subjects``."""
        return self.content == content if self.content else self.subject in subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked for: a cycle, who is in office there, whom it is about, how long."""

    cycle: str
    people: Sequence[Person] = ()
    concerned: Sequence[str] = ()
    most_hours: int = MOST_HOURS
    rehearsal: bool = False


def folded(grant: str, cycle: str, events: Sequence[ReadingEvent]) -> Grant | None:
    """Return the grant as its events tell, or None when there are none."""
    found: Grant | None = None
    for event in events:
        match event:
            case GlassAsked():
                found = Grant(
                    id=grant, cycle=cycle, asker=event.by, asked_at=event.at,
                    hours=event.hours, reason=event.reason, subject=event.subject,
                    content=event.content,
                )  # fmt: skip
            case GlassAgreed() if found:
                found = replace(found, second=event.by, until=event.until)
            case SealedContentRead() if found:
                found = replace(found, read=found.read + 1)
    return found


def against_asking(*, by: str, hours: int, target: Target) -> Iterator[Refused]:
    """Yield every reason why this cannot be asked."""
    if not 1 <= hours <= target.most_hours:
        yield refusals.GlassTooLong(hours, target.most_hours)
    if target.rehearsal:
        yield refusals.GlassInRehearsal(target.cycle)
    if by in target.concerned:
        yield refusals.SecondIsConcerned(by)
    if all(person.id != by for person in target.people):
        yield refusals.MayNotAsk(by, target.cycle)


def agree(grant: Grant, *, by: str, target: Target, now: datetime) -> GlassAgreed:
    """Return the agreement of the second person.

    Raises:
        Refused: the same person, somebody concerned or without the role, or too late.
    """
    against = list(unfit(by, target))
    if by == grant.asker:
        against.insert(0, refusals.SecondIsTheAsker(by))
    if (state := grant.state(now)) != "asked":
        against.append(refusals.GlassSettled(grant.id, state))
    refuse(against)
    return GlassAgreed(at=now, by=by, until=now + timedelta(hours=grant.hours))


def unfit(by: str, target: Target) -> Iterator[Refused]:
    """Yield every reason why ``by`` can be nobody's second person here."""
    if by in target.concerned:
        yield refusals.SecondIsConcerned(by)
    if not any(person.id == by and person.holds(SECONDS) for person in target.people):
        yield refusals.MayNotAgree(by, SECONDS)
