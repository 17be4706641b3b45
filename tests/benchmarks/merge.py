"""How long a merge of 300 contributed steps takes: ``python tests/benchmarks/merge.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from plan.samples import offer, step

from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS

PLUGINS, STEPS, TURNS, LIMIT_MS = 30, 10, 50, 20


def main() -> int:
    """Print the median of ``TURNS`` merges; 1 when it is over the limit."""
    offers = [
        offer(f"p{n}", *(step(f"p{n}.s{m}", CORE_STEPS[m]) for m in range(STEPS)))
        for n in range(PLUGINS)
    ]
    took = sorted(_timed(offers) for _ in range(TURNS))
    print(f"{PLUGINS * STEPS} steps: median {median(took):.1f} ms, longest {took[-1]:.1f} ms")
    return int(median(took) > LIMIT_MS)


def _timed(offers) -> float:
    began = perf_counter()
    merge(offers)
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
