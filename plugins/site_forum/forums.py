"""Forums as they stand beside the batches of the ledger, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from . import facts as f

State: TypeAlias = Literal["planned", "held", "minuted", "coded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """One forum; ``day`` is the planned one until it is held."""

    id: str
    site: str
    day: date
    state: State = "planned"
    attended: int = 0
    ref: str = ""
    opinions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch as the ledger has it."""

    channel: f.Channel
    issued: int
    opinions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was sought and heard, by the ledger alone; ``others`` are neither of the two."""

    forms: int
    form_opinions: int
    forums: int
    forum_opinions: int
    others: int

    @property
    def opinions(self) -> int:
        """Return all opinions there are."""
        return self.form_opinions + self.forum_opinions + self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The forums of one cycle, and its batches on every channel."""

    collectors: tuple[str, ...] = ()
    forums: Mapping[str, Forum] = field(default_factory=dict)
    batches: Mapping[str, Batch] = field(default_factory=dict)
    ended: bool = False

    def counts(self) -> Counts:
        """Return forms and forums apart; a forum never raises the number of forms."""
        forms, forums = self._of("form"), self._of("forum")
        everything = sum(batch.opinions for batch in self.batches.values())
        heard = [sum(batch.opinions for batch in kind) for kind in (forms, forums)]
        return Counts(
            forms=sum(batch.issued for batch in forms), form_opinions=heard[0],
            forums=len(forums), forum_opinions=heard[1], others=everything - sum(heard),
        )  # fmt: skip

    def remarks(self, forum: Forum) -> Iterator[str]:
        """Yield where the register and the ledger do not agree, as codes."""
        batch = self.batches.get(forum.id)
        if batch and batch.channel != "forum":
            yield "other_channel"
        elif batch and forum.state != "coded":
            yield "ledger_first"
        elif batch and batch.opinions != forum.opinions:
            yield "differs"
        elif not batch and forum.state == "coded":
            yield "not_in_ledger"
        if self.ended and forum.state != "coded":
            yield "unfinished"

    def unregistered(self) -> tuple[str, ...]:
        """Return the ledger's forum batches that no forum of the register is behind."""
        return tuple(
            name
            for name, batch in self.batches.items()
            if batch.channel == "forum" and name not in self.forums
        )

    def _of(self, channel: f.Channel) -> list[Batch]:
        return [batch for batch in self.batches.values() if batch.channel == channel]


Intakes: TypeAlias = Mapping[str, Intake]


def fold(facts: Iterable[f.ForumFact]) -> Intakes:
    """Return the forums after ``facts``, by cycle."""
    found: Intakes = {}
    for fact in facts:
        found = {**found, fact.cycle: evolve(found.get(fact.cycle, Intake()), fact)}
    return found


def evolve(intake: Intake, fact: f.ForumFact) -> Intake:
    """Return the forums of a cycle after ``fact``. Never refuses."""
    match fact:
        case f.CollectorsNamed(collectors=collectors):
            return replace(intake, collectors=collectors)
        case f.BatchClosed():
            batch = Batch(channel=fact.channel, issued=fact.issued, opinions=fact.opinions)
            return replace(intake, batches={**intake.batches, fact.forum: batch})
        case f.OpinionsEnded():
            return replace(intake, ended=True)
        case f.ForumPlanned(forum=forum, site=site, day=day):
            return _put(intake, Forum(id=forum, site=site, day=day))
        case _:
            return _put(intake, _moved(intake.forums[fact.forum], fact))


def _moved(forum: Forum, fact: f.ForumHeld | f.ForumMinuted | f.ForumCoded) -> Forum:
    match fact:
        case f.ForumHeld(day=day, attended=attended):
            return replace(forum, state="held", day=day, attended=attended)
        case f.ForumMinuted(ref=ref):
            return replace(forum, state="minuted", ref=ref)
        case f.ForumCoded(opinions=opinions):
            return replace(forum, state="coded", opinions=opinions)


def _put(intake: Intake, forum: Forum) -> Intake:
    return replace(intake, forums={**intake.forums, forum.id: forum})
