"""Rounds and findings as they stand; what one round leaves open the next one shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from . import facts as f

State: TypeAlias = Literal["open", "reported", "accepted"]
Stage: TypeAlias = Literal["unassigned", "assigned", "visited", "findings_sent", "corrected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A meeting that was stopped; ``until`` is the day it went on."""

    cycle: str
    how: f.How
    by: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding; ``closed_in`` is the round in which the group took it as corrected."""

    number: int
    round: int
    about: str
    asks: str
    cycle: str | None
    sent: bool = False
    state: State = "open"
    closed_in: int | None = None
    stop: Stop | None = None

    def open_after(self, number: int) -> bool:
        """Say whether round ``number`` left the finding open."""
        return self.round <= number and (self.closed_in is None or self.closed_in > number)

    def answers(self, stop: Stop) -> bool:
        """Say whether ``stop`` is what the finding asked for."""
        asked = (self.asks, self.cycle) == (stop.how, stop.cycle)
        return asked and self.stop is None and self.state != "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round in this unit."""

    group: str = ""
    visited: date | None = None
    sent: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All rounds of a unit; ``stops`` are those that no finding asked for."""

    round: int = 0
    ends: date | None = None
    rounds: Mapping[int, Round] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    stops: tuple[Stop, ...] = ()
    cycles: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    superiors: tuple[str, ...] = ()

    @property
    def now(self) -> Round:
        """Return the round that is on."""
        return self.rounds.get(self.round, Round())

    def stage(self, number: int) -> Stage:
        """Return how far a round came, what it took over from earlier ones included."""
        held = self.rounds[number]
        if held.sent:
            left = any(finding.open_after(number) for finding in self.findings)
            return "findings_sent" if left else "corrected"
        if held.visited:
            return "visited"
        return "assigned" if held.group else "unassigned"

    def shown(self) -> tuple[Finding, ...]:
        """Return the findings of this round and those carried over into it."""
        return tuple(
            x for x in self.findings if x.round == self.round or x.open_after(self.round - 1)
        )

    def remarks(self, finding: Finding, today: date) -> Iterator[str]:
        """Yield what somebody has to look at, as codes."""
        if finding.round < self.round:
            yield "carried_over"
        if finding.state == "accepted":
            return
        if not finding.sent:
            yield "not_sent"
        elif self.ends and self.ends < today:
            yield "overdue"
        if finding.asks != "correct" and finding.stop is None:
            yield "not_followed"
        if finding.stop and finding.stop.until:
            yield "went_on_uncorrected"


def fold(facts: Iterable[f.GuidanceFact]) -> Register:
    """Return the register after ``facts``."""
    register = Register()
    for fact in facts:
        register = evolve(register, fact)
    return register


def evolve(register: Register, fact: f.GuidanceFact) -> Register:
    """Return the register after ``fact``. Never refuses."""
    match fact:
        case f.RoundBegan(round=number, ends=ends):
            rounds = {**register.rounds, number: register.rounds.get(number, Round())}
            return replace(register, round=number, ends=ends, rounds=rounds)
        case f.PeopleNamed():
            return replace(
                register, cycles=(*register.cycles, fact.cycle), guides=fact.guides,
                branch=fact.branch, superiors=fact.superiors,
            )  # fmt: skip
        case f.GroupAssigned(group=group):
            return _round(register, replace(register.now, group=group))
        case f.VisitMade(on=on):
            return _round(register, replace(register.now, visited=on))
        case f.FindingsSent(on=on):
            sent = tuple(replace(finding, sent=True) for finding in register.findings)
            return _round(replace(register, findings=sent), replace(register.now, sent=on))
        case f.FindingMade() | f.CorrectionReported() | f.CorrectionJudged():
            return _findings(register, fact)
        case f.MeetingStopped() | f.MeetingWentOn():
            return _meeting(register, fact)


def _round(register: Register, held: Round) -> Register:
    """Put the round that is on; before the first one there is nowhere to put it."""
    if not register.round:
        return register
    return replace(register, rounds={**register.rounds, register.round: held})


def _findings(
    register: Register, fact: f.FindingMade | f.CorrectionReported | f.CorrectionJudged
) -> Register:
    match fact:
        case f.FindingMade(about=about, asks=asks, cycle=cycle):
            made = Finding(
                number=len(register.findings) + 1, round=register.round, about=about,
                asks=asks, cycle=cycle,
            )  # fmt: skip
            return _made(register, made)
        case f.CorrectionReported(finding=number):
            return _with(register, number, lambda found: replace(found, state="reported"))
        case f.CorrectionJudged(finding=number, accepted=True):
            return _with(
                register, number,
                lambda found: replace(found, state="accepted", closed_in=register.round),
            )  # fmt: skip
        case f.CorrectionJudged(finding=number):
            return _with(register, number, lambda found: replace(found, state="open"))


def _made(register: Register, finding: Finding) -> Register:
    """Add a finding; a stop that came before it was written down belongs to it."""
    for stop in reversed(register.stops):
        if finding.answers(stop):
            kept = tuple(other for other in register.stops if other is not stop)
            made = (*register.findings, replace(finding, stop=stop))
            return replace(register, findings=made, stops=kept)
    return replace(register, findings=(*register.findings, finding))


def _meeting(register: Register, fact: f.MeetingStopped | f.MeetingWentOn) -> Register:
    if isinstance(fact, f.MeetingWentOn):
        return _went_on(register, fact.cycle, fact.on)
    if fact.how == "rerun":
        register = _went_on(register, fact.cycle, fact.on)
    if fact.by not in (*register.guides, *register.superiors):
        return register
    stop = Stop(cycle=fact.cycle, how=fact.how, by=fact.by, on=fact.on)
    for finding in reversed(register.findings):
        if finding.answers(stop):
            return _with(register, finding.number, lambda found: replace(found, stop=stop))
    return replace(register, stops=(*register.stops, stop))


def _went_on(register: Register, cycle: str, on: date) -> Register:
    """End every halt of a cycle."""

    def ended(stop: Stop) -> Stop:
        halted = (stop.how, stop.cycle, stop.until) == ("halt", cycle, None)
        return replace(stop, until=on) if halted else stop

    findings = tuple(
        replace(finding, stop=ended(finding.stop)) if finding.stop else finding
        for finding in register.findings
    )
    return replace(register, findings=findings, stops=tuple(map(ended, register.stops)))


def _with(register: Register, number: int, change: Callable[[Finding], Finding]) -> Register:
    changed = (change(x) if x.number == number else x for x in register.findings)
    return replace(register, findings=tuple(changed))
