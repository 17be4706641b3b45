"""A date is counted from pinned data, and says how it came about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.policy.calendar import (
    CalendarError,
    Computed,
    day_after,
    is_working_day,
    local_day,
    pinnable,
    rolled,
    seeded,
    start_of,
    working_days,
    working_days_after,
)

from .samples import DEFAULT

PLAIN = DEFAULT.model_copy(update={"calendar": None})
LOCAL = DEFAULT.model_copy(
    update={
        "holidays": (date(2021, 10, 9),),
        "working_weekends": (date(2021, 10, 2), date(2021, 10, 3)),
    }
)
SEPTEMBER = date(2021, 9, 17)


def days(*numbers, month=9):
    return tuple(date(2021, month, n) for n in numbers)


def test_national_day_2021_was_off_for_a_week_and_made_up_on_two_weekend_days():
    week = [date(2021, 10, n) for n in range(1, 8)]

    assert not any(is_working_day(day, DEFAULT) for day in week)
    assert is_working_day(date(2021, 9, 26), DEFAULT)
    assert is_working_day(date(2021, 10, 9), DEFAULT)
    assert working_days(date(2021, 9, 25), date(2021, 10, 10), DEFAULT) == 7


def test_fifteen_working_days_across_the_holidays_name_every_day_skipped():
    assert working_days_after(SEPTEMBER, 15, DEFAULT, rule="report") == Computed(
        day=date(2021, 10, 14), rule="report", calendar=DEFAULT.calendar.version, counted=15,
        skipped=(*days(19, 20, 21, 25), *days(1, 2, 3, 4, 5, 6, 7, 10, month=10)),
    )  # fmt: skip


def test_a_report_due_on_a_saturday_rolls_to_monday():
    found = rolled(date(2021, 8, 14), DEFAULT, roll="next_working_day", rule="report_days")

    assert (found.day, found.skipped) == (date(2021, 8, 16), days(14, 15, month=8))
    assert rolled(date(2021, 8, 14), DEFAULT, roll="none", rule="r").day == date(2021, 8, 14)
    assert rolled(date(2021, 8, 13), DEFAULT, roll="next_working_day", rule="r").counted == 0


def test_the_policys_own_days_come_before_the_calendar():
    assert not is_working_day(date(2021, 10, 9), LOCAL)
    assert is_working_day(date(2021, 10, 2), LOCAL)
    assert working_days_after(SEPTEMBER, 15, LOCAL, rule="r").calendar == (
        f"{DEFAULT.calendar.version}+local"
    )


def test_a_year_nobody_pinned_counts_weekdays_and_says_so():
    far = working_days_after(date(2023, 9, 28), 3, DEFAULT, rule="r")

    assert (far.day, far.calendar) == (date(2023, 10, 3), "weekdays")
    assert working_days_after(date(2021, 9, 30), 1, PLAIN, rule="r").calendar == "weekdays"
    over = working_days_after(date(2022, 12, 29), 3, DEFAULT, rule="r")
    assert over.calendar == f"{DEFAULT.calendar.version}+weekdays"


def test_no_working_day_on_is_the_day_itself_and_there_is_none_before():
    assert working_days_after(SEPTEMBER, 0, DEFAULT, rule="r").day == SEPTEMBER
    with pytest.raises(ValueError, match="count=-1"):
        working_days_after(SEPTEMBER, -1, DEFAULT, rule="r")


def test_a_day_in_china_begins_eight_hours_before_it_does_in_utc():
    begins = start_of(SEPTEMBER)

    assert begins == datetime(2021, 9, 16, 16, tzinfo=UTC)
    assert begins.tzinfo is UTC
    assert local_day(begins) == SEPTEMBER
    assert local_day(begins - timedelta(microseconds=1)) == date(2021, 9, 16)
    assert day_after(SEPTEMBER) == start_of(date(2021, 9, 18))


def test_the_public_calendar_is_versioned_and_refuses_years_it_does_not_know():
    calendar = seeded(2021, 2021)

    assert calendar.version.startswith("chinesecalendar-1.")
    assert date(2021, 10, 1) in calendar.holidays
    assert calendar.workdays == (
        *days(7, 20, month=2), date(2021, 4, 25), date(2021, 5, 8), *days(18, 26),
        date(2021, 10, 9),
    )  # fmt: skip
    for years in ((1999, 2021), (2021, 2099), (2022, 2021)):
        with pytest.raises(CalendarError, match="no calendar for"):
            seeded(*years)


def test_only_the_known_part_of_a_span_of_years_can_be_pinned():
    assert pinnable(2021, 2022) == (2021, 2022)
    assert pinnable(1999, 2005) == (2004, 2005)
    assert pinnable(2098, 2099) is None
