"""A cycle as it stood: a position is exact, a day ends with its last event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from streams import ledger_of
from views.conftest import story

from engine.cycle import events as c
from engine.cycle.evolve import folded
from engine.views.account import account_of
from engine.views.past import NOW, AsOf, NoSuchMomentError, events_of, past
from engine.views.report import report_of
from engine.views.statistics import statistics

WALL = datetime(2021, 9, 25, tzinfo=UTC)
EVENTS = story().placed()
DAYS = st.dates(date(2021, 7, 1), date(2021, 9, 25))


@given(st.integers(1, len(EVENTS)))
def test_a_position_folds_the_events_up_to_it(position):
    then = past(EVENTS, AsOf(position=position), wall=WALL)

    assert then.cycle == folded(p.event for p in EVENTS[:position])
    assert (then.position, then.day) == (position, EVENTS[position - 1].at.date())


@given(DAYS)
def test_a_report_of_a_day_is_the_one_saved_on_that_day(day):
    evening = datetime(day.year, day.month, day.day, 15, 59, tzinfo=UTC)
    known = tuple(p for p in EVENTS if p.at <= evening)
    saved = past(known, NOW, wall=evening)
    again = past(EVENTS, AsOf(day=day), wall=WALL)

    for made in (report_of, statistics, account_of):
        assert made(again) == made(saved)


def test_a_day_begins_and_ends_in_china(told):
    late = told.on(2021, 9, 21).cycle(c.CycleHalted, reason=f"sealed:{'1' * 32}:{'2' * 64}")
    midnight = datetime(2021, 9, 21, 16, tzinfo=UTC)
    for at, position in ((midnight - timedelta(seconds=1), 0), (midnight, 1)):
        last = replace(late.placed()[-1], event=late.events[-1].model_copy(update={"at": at}))
        events = (*late.placed()[:-1], last)
        then = past(events, AsOf(day=date(2021, 9, 21)), wall=WALL)

        assert len(events) - then.position == position


def test_a_position_and_a_day_together_are_taken_as_they_are():
    then = past(EVENTS, AsOf(position=60, day=date(2021, 9, 25)), wall=WALL)

    assert (then.position, then.day) == (60, date(2021, 9, 25))


def test_a_turned_calendar_belongs_to_the_day_it_leads_to(told):
    to = datetime(2021, 9, 30, 4, tzinfo=UTC)
    told.cycle(c.ClockAdvanced, to=to, clock_shift_s=5 * 86400.0)
    events, before = told.placed(), len(told.events) - 1

    assert past(events, AsOf(day=date(2021, 9, 29)), wall=WALL).position == before
    assert past(events, AsOf(day=date(2021, 9, 30)), wall=WALL).position == before + 1
    assert past(events, NOW, wall=WALL).day == date(2021, 9, 30)


def test_before_it_was_opened_there_is_no_cycle():
    assert past(EVENTS, AsOf(day=date(2021, 6, 30)), wall=WALL) is None
    assert past((), NOW, wall=WALL) is None


def test_a_day_to_come_is_refused():
    with pytest.raises(NoSuchMomentError, match="2021-09-26 has not come, it is 2021-09-25"):
        past(EVENTS, AsOf(day=date(2021, 9, 26)), wall=WALL)


def test_the_events_of_a_cycle_are_its_own_in_the_order_of_the_ledger():
    ledger = ledger_of(story("c-1"), story("c-10"), story("c_1"))
    until = ledger.head().position
    mine = events_of(ledger, "c-1", until=until)

    assert [p.event for p in mine] == story("c-1").events
    assert [p.position for p in mine] == sorted({p.position for p in mine})
    assert len(events_of(ledger, "c-1", until=mine[9].position)) == 10
