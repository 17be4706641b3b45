"""Every problem of a suite whose scenarios are sound: names that nothing answers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.scenario.acts import Errand, Snapshot
from engine.scenario.marked import Problem
from engine.scenario.suite import Repertoire, Source


def problems_of_suite(repertoire: Repertoire) -> Iterator[Problem]:
    """Yield plays that share a cycle, and figures that could never be counted."""
    known = _known(repertoire)
    for name, count in Counter(known).items():
        if count > 1:
            said = (f"{name} 在几个剧本里都有", f"{name} is in more than one scenario")
            yield Problem(("plays",), *said)
    for number, figure in enumerate(repertoire.suite.figures):
        place = ("figures", number, "counted")
        for what in _lost(figure.counted, repertoire, known):
            yield Problem(place, f"没有 {what}", f"there is no {what}")


def _known(repertoire: Repertoire) -> list[str]:
    scripts = repertoire.scripts.values()
    cycles = [unit.cycle for script in scripts for unit in script.units]
    return cycles + [cast.campaign for script in scripts for cast in script.campaigns]


def _lost(source: Source, repertoire: Repertoire, known: list[str]) -> Iterator[str]:
    """Yield each name of ``source`` that no scenario answers to."""
    names = (*source.cycles, *((source.campaign,) if source.campaign else ()))
    yield from (name for name in names if name not in known)
    acts = [act for script in repertoire.scripts.values() for act in script.acts]
    labels = {act.snapshot for act in acts if isinstance(act, Snapshot)}
    if source.snapshot is not None and source.snapshot not in labels:
        yield source.snapshot
    if source.play is None:
        return
    script = repertoire.scripts.get(source.play)
    if script is None:
        yield source.play
    elif not any(isinstance(a, Errand) and source.count in a.sees for a in script.acts):
        yield f"{source.play}: {source.count}"
