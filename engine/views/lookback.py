"""Draw every look-back again from its seed, and say whether the ledger told the truth.

The seed says how many events of the cycle and its issues stand in the ledger before the
draw, turns of a rehearsal's calendar not counted.
"""

from __future__ import annotations

from engine.cycle.events import CyclePlanned, LookBackDrawn
from engine.cycle.evolve import evolve, opened
from engine.cycle.state import Cycle
from engine.issue.aftercare import sample
from engine.record import Record
from engine.views.past import Placed


class Draw(Record):
    """One draw: what the ledger says, and what drawing again gives.

    ``seed_holds``: the seed counts the events before it. ``population_holds``: it was
    drawn from the closed issues that no draw had seen. ``sample_holds``: the same issues
    come out again.
    """

    position: int
    seed: str
    events_before: int
    population: tuple[int, ...]
    key: tuple[int, ...]
    sampled: tuple[int, ...]
    again: tuple[int, ...]
    share: str
    seed_holds: bool
    population_holds: bool
    sample_holds: bool

    @property
    def holds(self) -> bool:
        """Say whether everything about the draw can be repeated."""
        return self.seed_holds and self.population_holds and self.sample_holds


def draws(events: tuple[Placed, ...]) -> tuple[Draw, ...]:
    """Return every draw of a cycle, made again from its events."""
    found: list[Draw] = []
    cycle: Cycle | None = None
    for placed in events:
        event = placed.event
        if cycle is None:
            assert isinstance(event, CyclePlanned)
            cycle = opened(event)
            continue
        if isinstance(event, LookBackDrawn):
            found.append(_again(cycle, placed.position, event))
        cycle = evolve(cycle, event)
    return tuple(found)


def _again(cycle: Cycle, position: int, drawn: LookBackDrawn) -> Draw:
    rules = cycle.pinned_policy.look_back
    share = rules.share if rules else "1"
    undrawn = [i for i in cycle.issues if i.status == "closed" and not i.drawn]
    key = tuple(i.number for i in undrawn if i.severity == "key")
    others = [n for n in drawn.population if n not in drawn.key]
    again = sample(drawn.seed, others, share)
    return Draw(
        position=position, seed=drawn.seed, events_before=cycle.events,
        population=drawn.population, key=drawn.key, sampled=drawn.sampled, again=again,
        share=share, seed_holds=drawn.seed == str(cycle.events),
        population_holds=(drawn.population, drawn.key)
        == (tuple(i.number for i in undrawn), key),
        sample_holds=again == drawn.sampled,
    )  # fmt: skip
