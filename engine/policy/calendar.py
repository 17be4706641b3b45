"""Working days, counted from data alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from engine.policy.pack import Policy

SATURDAY = 5
CHINA = timezone(timedelta(hours=8))


def is_working_day(day: date, policy: Policy) -> bool:
    """Say whether ``day`` is worked: a weekday without holiday, or a make-up weekend."""
    if day in policy.working_weekends:
        return True
    return day.weekday() < SATURDAY and day not in policy.holidays


def working_days(first: date, last: date, policy: Policy) -> int:
    """Return how many working days lie in ``first``..``last``, both ends included."""
    span = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=n), policy) for n in range(max(span, 0)))


def local_day(moment: datetime) -> date:
    """Return the calendar day of ``moment`` in China (UTC+8 all year, no zone file)."""
    return moment.astimezone(CHINA).date()


def day_after(day: date) -> datetime:
    """Return the first instant after ``day`` in China, as an aware UTC moment."""
    midnight = datetime.combine(day + timedelta(days=1), time(0), CHINA)
    return midnight.astimezone(UTC)
