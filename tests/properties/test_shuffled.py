"""Hundreds of steps, hundreds of orders, one plan."""

from __future__ import annotations

import random

from plan.samples import local, offer, step

from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS

SCOPES = ("province", "city", "unit")
ANCHORS = CORE_STEPS[:10]


def contributions(plugins: int = 30, steps: int = 10):
    """Plugins that hang on one another, some in knots, some on steps that are absent."""
    return [
        offer(
            f"p{n}",
            *(
                step(
                    f"p{n}.s{m}",
                    ANCHORS[m % 14],
                    after=(f"p{(n * 7) % plugins}.s{m}",) * (n % 3 == 0),
                )
                for m in range(steps)
            ),
            scope=SCOPES[n % 3],
        )
        for n in range(plugins)
    ]


def test_500_orders_of_300_steps_give_one_digest():
    offers, dice = contributions(), random.Random(7)
    plans = []
    for _ in range(500):
        dice.shuffle(offers)
        plans.append(merge(offers, fixed=("p5.s1", "p1.s1")))

    assert len({plan.digest for plan in plans}) == 1
    assert len(local(plans[0])) == 200
    assert "order_cycle" in {c.code for c in plans[0].conflicts}


def test_a_knot_of_many_is_told_with_the_first_of_its_pairs():
    names = [f"k{n}.s" for n in range(12)]
    knot = [offer(name[:-2], step(name, after=tuple(set(names) - {name}))) for name in names]
    told = merge(knot).conflicts[0].detail

    assert told.count(" < ") == 20
    assert told.endswith(f" + {12 * 11 - 20}")
