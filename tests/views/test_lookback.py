"""A draw can be made again by anyone who has the ledger; a false one shows."""

from __future__ import annotations

from datetime import date

import pytest
from streams import Told, noon

from engine.cycle import events as c
from engine.cycle.evolve import folded
from engine.cycle.timely import time_passed
from engine.issue.aftercare import sample
from engine.policy.rules import LookBack
from engine.views.lookback import draws


def drawn(**wrong):
    """Thirty closed issues, 7 a key issue, a turn of the calendar, and a draw."""
    told = Told(look_back=LookBack())
    for number in range(1, 31):
        told.found(number, severity="key" if number == 7 else "normal")
        told.claimed(number, date(2021, 8, 31)).closed(number)
    told.cycle(c.ClockAdvanced, to="2021-10-01T00:00:00Z", clock_shift_s=1.0)
    seed = str(len(told.events) - 1)
    others = [n for n in range(1, 31) if n != 7]
    true = {"seed": seed, "population": tuple(range(1, 31)), "key": (7,),
            "sampled": sample(seed, others, "1/10")}  # fmt: skip
    told.on(2021, 10, 1).cycle(c.LookBackDrawn, "engine", **{**true, **wrong})
    return draws(told.placed())[0]


def test_what_the_rules_draw_can_be_drawn_again():
    told = Told(look_back=LookBack())
    for number in range(1, 13):
        told.found(number, severity="key" if number == 7 else "normal")
        told.later(3).claimed(number, date(2021, 12, 31)).closed(number)
    for month in (10, 11, 12):
        told.on(2021, month, 31 if month != 11 else 30)
        told.events += time_passed(folded(told.events), now=noon(told.day))
    found = draws(told.placed())

    assert [draw.holds for draw in found] == [True] * len(found)
    assert sorted(n for draw in found for n in draw.population) == list(range(1, 13))


def test_a_true_draw_comes_out_again():
    draw = drawn()

    assert draw.holds
    assert (len(draw.sampled), draw.again, draw.share) == (3, draw.sampled, "1/10")
    assert draw.seed == str(draw.events_before)


@pytest.mark.parametrize(
    ("wrong", "which"),
    [
        ({"sampled": (1, 2, 3)}, "sample_holds"),
        ({"seed": "1"}, "seed_holds"),
        ({"population": tuple(range(1, 30))}, "population_holds"),
        ({"key": ()}, "population_holds"),
    ],
)
def test_a_false_draw_shows_where_it_is_false(wrong, which):
    draw = drawn(**wrong)

    assert not draw.holds
    assert not getattr(draw, which)
