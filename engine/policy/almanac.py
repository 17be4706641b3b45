"""Years of public holidays and make-up working days, as data that can be pinned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from typing import Annotated

from pydantic import Field

from engine.record import Record

Year = Annotated[int, Field(ge=1, le=9999)]


class CalendarError(ValueError):
    """A year nobody has announced yet, or one from before the records; ``zh | en``."""


class Calendar(Record):
    """The holidays of whole years; ``workdays`` are weekend days that are worked.

    ``version`` names where the days come from, such as ``chinesecalendar-1.11.0``.
    """

    version: Annotated[str, Field(min_length=1)]
    first_year: Year
    last_year: Year
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]

    def covers(self, day: date) -> bool:
        """Say whether the calendar speaks about ``day``."""
        return self.first_year <= day.year <= self.last_year


def known_years() -> tuple[int, int]:
    """Return the first and the last year that ``seeded`` can give."""
    from chinese_calendar import constants  # noqa: PLC0415 - never inside a workflow

    return min(constants.holidays).year, max(constants.holidays).year


def pinnable(first_year: int, last_year: int) -> tuple[int, int] | None:
    """Return the part of ``first_year``..``last_year`` that is known; None when none is."""
    first, last = known_years()
    first, last = max(first, first_year), min(last, last_year)
    return (first, last) if first <= last else None


def seeded(first_year: int, last_year: int) -> Calendar:
    """Return the public calendar of ``first_year``..``last_year``, both included.

    Read from an installed package, so never call it in workflow code: pin the result.

    Raises:
        CalendarError: a year is not known, or the last lies before the first.

    Source:
        The State Council's yearly notices, as kept by the package ``chinesecalendar``.
    """
    from chinese_calendar import constants  # noqa: PLC0415 - never inside a workflow

    first, last = known_years()
    if not first <= first_year <= last_year <= last:
        raise CalendarError(
            f"没有 {first_year}–{last_year} 年的放假安排,只有 {first}–{last} 年 | "
            f"no calendar for {first_year} to {last_year}, only for {first} to {last}"
        )

    def pinned(days: Iterable[date]) -> tuple[date, ...]:
        return tuple(sorted(d for d in days if first_year <= d.year <= last_year))

    return Calendar(
        version=f"chinesecalendar-{version('chinesecalendar')}",
        first_year=first_year,
        last_year=last_year,
        holidays=pinned(constants.holidays),
        workdays=pinned(constants.workdays),
    )
