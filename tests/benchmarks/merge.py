"""How long a merge of 300 contributed steps takes: ``python tests/benchmarks/merge.py``.

Three shapes: many plugins with several steps each, one step a plugin, and all steps of one
gap in a chain of relations that runs against their names. Each is told beside the time the
same steps take to be written as JSON on this machine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from plan.samples import offer, step

from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.record import canonical_json

STEPS, TURNS, LIMIT_MS = 300, 50, 20


def spread():
    """Thirty plugins, ten steps each, in ten gaps."""
    return [
        offer(f"p{n}", *(step(f"p{n}.s{m}", CORE_STEPS[m]) for m in range(10)))
        for n in range(30)
    ]


def single():
    """Three hundred plugins with one step each, in every gap by turns."""
    return [
        offer(f"p{n}", step(f"p{n}.s", CORE_STEPS[n % len(CORE_STEPS)])) for n in range(STEPS)
    ]


def chain():
    """One gap: each step after the one whose name is the next."""
    names = [f"p{n // 10}.s{n:03}" for n in range(STEPS)]
    after = dict(zip(names, [*names[1:], ""], strict=True))
    return [
        offer(
            f"p{n}",
            *(
                step(name, "study", after=(after[name],) if after[name] else ())
                for name in names[n * 10 : n * 10 + 10]
            ),
        )
        for n in range(30)
    ]


def main() -> int:
    """Print the median of ``TURNS`` merges of each shape; 1 when one is over the limit."""
    over = False
    for shape in (spread, single, chain):
        offers = shape()
        took = sorted(_timed(lambda offers=offers: merge(offers)) for _ in range(TURNS))
        plain = median(_timed(lambda offers=offers: _written(offers)) for _ in range(TURNS))
        print(
            f"{shape.__name__}: {STEPS} steps, median {median(took):.1f} ms, "
            f"longest {took[-1]:.1f} ms, {median(took) / plain:.1f} times their JSON"
        )
        over = over or median(took) > LIMIT_MS
    return int(over)


def _written(offers) -> None:
    for one in offers:
        canonical_json(one.model_dump(mode="json"))


def _timed(work) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
