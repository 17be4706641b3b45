"""Working days, counted from data alone, and dates that say how they came about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from engine.policy.almanac import Calendar, CalendarError, pinnable, seeded
from engine.policy.model import Policy
from engine.policy.rules import Roll
from engine.record import Record

__all__ = (
    "CHINA",
    "Calendar",
    "CalendarError",
    "Computed",
    "day_after",
    "is_working_day",
    "local_day",
    "pinnable",
    "rolled",
    "seeded",
    "start_of",
    "working_days",
    "working_days_after",
)

SATURDAY = 5
CHINA = timezone(timedelta(hours=8))
ONE = timedelta(days=1)
PLAIN = "weekdays"
"""The calendar of a day no pinned year covers: Monday to Friday are worked."""

LOCAL = "local"
"""The policy's own ``holidays`` and ``working_weekends``, on top of any calendar."""


class Computed(Record):
    """A date that explains itself.

    ``counted`` working days lead to ``day``; ``skipped`` are the days on the way that
    are not worked. ``calendar`` names every calendar asked, joined by ``+``.
    """

    day: date
    rule: str
    calendar: str
    counted: int
    skipped: tuple[date, ...]


def is_working_day(day: date, policy: Policy) -> bool:
    """Say whether ``day`` is worked: a weekday without holiday, or a make-up weekend.

    The policy's own days come before the pinned calendar, and that before the weekday.
    """
    if day in policy.working_weekends:
        return True
    if day in policy.holidays:
        return False
    pinned = policy.calendar
    if pinned is not None and pinned.covers(day):
        if day in pinned.workdays:
            return True
        if day in pinned.holidays:
            return False
    return day.weekday() < SATURDAY


def working_days(first: date, last: date, policy: Policy) -> int:
    """Return how many working days lie in ``first``..``last``, both ends included."""
    span = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=n), policy) for n in range(max(span, 0)))


def working_days_after(start: date, count: int, policy: Policy, *, rule: str) -> Computed:
    """Return the ``count``-th working day after ``start``; 0 gives ``start`` itself.

    Raises:
        ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError(f"no working day before the start: {count=}")
    day, left, skipped = start, count, list[date]()
    while left:
        day += ONE
        if is_working_day(day, policy):
            left -= 1
        else:
            skipped.append(day)
    asked = _asked(start + ONE if count else start, day, policy)
    return Computed(day=day, rule=rule, calendar=asked, counted=count, skipped=tuple(skipped))


def rolled(day: date, policy: Policy, *, roll: Roll, rule: str) -> Computed:
    """Return ``day``, moved to the next working day when ``roll`` says so and it is not one.

    Saturday 2021-08-14 becomes Monday 2021-08-16, with both days of the weekend skipped.
    """
    end, skipped = day, list[date]()
    while roll == "next_working_day" and not is_working_day(end, policy):
        skipped.append(end)
        end += ONE
    return Computed(
        day=end, rule=rule, calendar=_asked(day, end, policy), counted=int(end != day),
        skipped=tuple(skipped),
    )  # fmt: skip


def local_day(moment: datetime) -> date:
    """Return the calendar day of ``moment`` in China (UTC+8 all year, no zone file)."""
    return moment.astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """Return the first instant of ``day`` in China, as an aware UTC moment."""
    return datetime.combine(day, time(0), CHINA).astimezone(UTC)


def day_after(day: date) -> datetime:
    """Return the first instant after ``day`` in China, as an aware UTC moment."""
    return start_of(day + ONE)


def _asked(first: date, last: date, policy: Policy) -> str:
    """Name the calendars that ``first``..``last`` were looked up in."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    names = dict.fromkeys(_name(day, policy) for day in days)
    if any(day in policy.holidays or day in policy.working_weekends for day in days):
        names[LOCAL] = None
    return "+".join(names)


def _name(day: date, policy: Policy) -> str:
    pinned = policy.calendar
    return pinned.version if pinned is not None and pinned.covers(day) else PLAIN
