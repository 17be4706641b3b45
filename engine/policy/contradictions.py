"""Rules of a pack that are each well written but do not go together.

Only packs being loaded are held to this: a policy in a recorded history is never
refused for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from engine.policy.almanac import Calendar
from engine.policy.calendar import SATURDAY
from engine.policy.lights import Standing, matches
from engine.policy.problems import NOTHING, problem
from engine.policy.rules import LadderStep, LightRule, Share, Tracks
from engine.record import Record

R = TypeVar("R", bound=Record)
Raw = Mapping[str, Any]
DUE = date(2021, 7, 30)
LONG_AGO = date.min
"""So early that work without progress is behind on every day that is tried."""

DAY = TypeAdapter(date)


def contradictions(raw: Raw) -> Iterator[str]:
    """Yield every contradiction in ``raw``, as far as its parts are well written."""
    lights = _sound(LightRule, raw.get("lights"))
    yield from _whole(lights)
    yield from _reached(lights, raw.get("behind_tolerance", "1/5"))
    yield from _ladder(_sound(LadderStep, raw.get("ladder")))
    for tracks in _sound(Tracks, [raw.get("tracks")]).values():
        yield from _tracks(tracks)
    for calendar in _sound(Calendar, [raw.get("calendar")]).values():
        yield from _calendar(calendar)
    yield from _own_days(raw)
    yield from _idle(raw)


def _sound(kind: type[R], items: Any) -> dict[int, R]:
    """Return the well-written among ``items``, numbered from 1."""
    found = {}
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        with suppress(ValidationError):
            found[number] = kind.model_validate(item)
    return found


def _whole(lights: Mapping[int, LightRule]) -> Iterator[str]:
    """Yield what one light rule lacks or has in vain."""
    for number, rule in lights.items():
        for name, value in (("days", rule.days), ("slip", rule.slip)):
            wants = rule.when == ("days_left" if name == "days" else "slip")
            if wants and value is None:
                yield problem(
                    f"lights[{number}].{name}", NOTHING,
                    f"when = {rule.when} 必须写明 {name}",
                    f"when = {rule.when} needs {name}",
                )  # fmt: skip
            if value is not None and not wants:
                yield problem(
                    f"lights[{number}].{name}", value,
                    f"when = {rule.when} 用不着 {name}",
                    f"when = {rule.when} takes no {name}",
                )  # fmt: skip
        if rule.repeat > 1 and rule.instrument == "none" and not rule.points:
            yield problem(
                f"lights[{number}].repeat", rule.repeat,
                "既无文书又不计分,第几次都一样",
                "without instrument and points the count changes nothing",
            )  # fmt: skip


def _reached(lights: Mapping[int, LightRule], tolerance: Any) -> Iterator[str]:
    """Yield each light rule whose every case an earlier one takes.

    Looked for by trying: one standing for every combination that any rule can tell
    from another.
    """
    try:
        takers = _takers(lights, tolerance)
    except (ValueError, TypeError, ArithmeticError):
        return  # the tolerance is wrong, and said to be
    for number, rule in lights.items():
        if not takers[number] or number in takers[number]:
            continue
        first = ", ".join(map(str, sorted(takers[number])))
        yield problem(
            f"lights[{number}].when", rule.when,
            f"永远轮不到:它的情形都先归第 {first} 条",
            f"can never match: rule {first} takes all its cases first",
        )  # fmt: skip


def _takers(lights: Mapping[int, LightRule], tolerance: Share) -> dict[int, set[int]]:
    """Return for each rule the numbers of those that win where it matches."""
    takers: dict[int, set[int]] = {number: set() for number in lights}
    left = sorted({-1, 0, *(r.days for r in lights.values() if r.days is not None)})
    slips = sorted({0, *(r.slip for r in lights.values() if r.slip is not None)})
    for standing, days in product(list(_standings(slips)), [*left, left[-1] + 1]):
        day = DUE - timedelta(days=days)
        fits = [n for n, r in lights.items() if matches(r, standing, tolerance, day)]
        for number in fits:
            takers[number].add(fits[0])
    return takers


def _standings(slips: list[int]) -> Iterator[Standing]:
    yes_no = (False, True)
    for percent, done, closed, long_term, returned, slip in product(
        (0, 100), yes_no, yes_no, yes_no, (0, 1), slips
    ):
        yield Standing(
            started=LONG_AGO, due=DUE, percent=percent, done=done, closed=closed,
            long_term=long_term, returned=returned, slips=slip,
        )  # fmt: skip


def _ladder(ladder: Mapping[int, LadderStep]) -> Iterator[str]:
    """Yield steps on one day, steps nobody hears of, and lateness before its time."""
    first: dict[int, int] = {}
    for number, step in ladder.items():
        key = f"ladder[{number}]"
        if (other := first.setdefault(step.days, number)) != number:
            yield problem(
                f"{key}.days", step.days,
                f"与第 {other} 级同一天,请并为一级",
                f"is the day of step {other} too; make them one",
            )  # fmt: skip
        if not step.to:
            yield problem(f"{key}.to", [], "没有写通知谁", "names nobody to tell")
        if step.days < 0 and step.instrument != "reminder":
            yield problem(
                f"{key}.instrument", step.instrument,
                "到期之前只能提醒",
                "before the due day there is only a reminder",
            )  # fmt: skip


def _tracks(tracks: Tracks) -> Iterator[str]:
    for less, more in (("immediate_days", "phased_days"), ("review_days", "reapprove_days")):
        if getattr(tracks, less) > getattr(tracks, more):
            value = getattr(tracks, more)
            yield problem(
                f"tracks.{less}", getattr(tracks, less),
                f"不能超过 {more} = {value}",
                f"must not exceed {more} = {value}",
            )  # fmt: skip


def _calendar(calendar: Calendar) -> Iterator[str]:
    if calendar.first_year > calendar.last_year:
        yield problem(
            "calendar.first_year", calendar.first_year,
            f"晚于 last_year = {calendar.last_year}",
            f"is after last_year = {calendar.last_year}",
        )  # fmt: skip
        return
    for name, days in (("holidays", calendar.holidays), ("workdays", calendar.workdays)):
        for day in days:
            if not calendar.covers(day):
                yield problem(
                    f"calendar.{name}", day, "不在所列年份之内", "lies outside its years"
                )
    yield from _clash("calendar.workdays", calendar.holidays, calendar.workdays)


def _own_days(raw: Raw) -> Iterator[str]:
    holidays, worked = (_dates(raw.get(k)) for k in ("holidays", "working_weekends"))
    yield from _clash("working_weekends", holidays, worked)


def _dates(value: Any) -> tuple[date, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        with suppress(ValidationError):
            found.append(DAY.validate_python(item))
    return tuple(found)


def _clash(key: str, holidays: tuple[date, ...], worked: tuple[date, ...]) -> Iterator[str]:
    """Yield days that are both off and worked, and make-up days that are no weekend."""
    for day in worked:
        if day in holidays:
            yield problem(key, day, "同时列为放假日", "is listed as a holiday too")
        elif day.weekday() < SATURDAY:
            yield problem(
                key, day, "不是周末,不必补班", "is no weekend day, so it is worked anyway"
            )


IDLE: tuple[tuple[str, Callable[[Any], bool], str, str, str], ...] = (
    ("report_roll", lambda roll: roll != "none", "report_days",
     "没有 report_days,无从顺延", "has no report_days to roll"),
    ("light_review_days", lambda days: days is not None, "lights",
     "没有 lights,无灯可评", "has no lights to review"),
)  # fmt: skip
"""Key, when it is on, the key it rests on, and what is said when that one is off."""


def _idle(raw: Raw) -> Iterator[str]:
    for key, on, base, zh, en in IDLE:
        if key in raw and on(raw[key]) and not raw.get(base):
            yield problem(key, raw[key], zh, en)
