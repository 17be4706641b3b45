"""A scenario file: units, people, their sealed names, and what they do in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time as clock_time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from engine.cycle.commands import OpenCycle
from engine.policy.pack import pack_for
from engine.policy.roles import Person
from engine.record import Record
from engine.scenario.acts import Act, AnyAct, Expectations, Server, Title, Unit

PLACEHOLDER = f"sealed:{'0' * 32}:{'0' * 64}"


class Scenario(Record):
    """Everything that is played: units, their people, acts in order, and how it ends.

    ``start`` is day 0, ``policy`` the name of a pack. A day in ``with`` or ``facts`` is
    written ``{day: 8}`` or ``{day: 8, time: "10:00"}``, a text ``{text: ...}``.
    """

    format: Literal[1]
    title: Title
    server: Server = "real"
    start: AwareDatetime
    policy: str = "default"
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    acts: tuple[AnyAct, ...]
    expect: Expectations = ()

    @property
    def cycle(self) -> str:
        """Return the cycle of the first unit."""
        return self.units[0].cycle

    def opening(self, unit: Unit | None = None) -> OpenCycle:
        """Return the command that opens the cycle of ``unit``, the first by default.

        Raises:
            PackError: nothing can be had from the policy pack.
        """
        unit = unit or self.units[0]
        return OpenCycle(
            cycle=unit.cycle, unit=unit.unit, books=unit.books, evaluation=unit.evaluation,
            meeting_on=self.moment(unit.meeting.day).date(),
            policy=pack_for(unit.policy or self.policy, self.start.date()),
            people=tuple(Person(id=p.id, roles=p.roles) for p in unit.people),
            plugins=unit.plugins, rehearsal_from=self.start, by=unit.secretary,
        )  # fmt: skip

    def named(self, *cycles: str) -> Scenario:
        """Return the same scenario with its first cycles called ``cycles``."""
        names = (*cycles, *(unit.cycle for unit in self.units[len(cycles) :]))
        units = (
            unit.model_copy(update={"cycle": name})
            for unit, name in zip(self.units, names, strict=True)
        )
        return self.model_copy(update={"units": tuple(units)})

    def moment(self, day: int, time: str | None = None) -> datetime:
        """Return the moment ``day`` days after the start, at ``time`` or its time of day."""
        at = self.start + timedelta(days=day)
        if time is None:
            return at
        return datetime.combine(at.date(), clock_time.fromisoformat(time), at.tzinfo)

    def timed(self) -> Iterator[tuple[int, AnyAct, datetime | None]]:
        """Yield each act with its number, from 1, and the moment it must not precede."""
        day = 0
        for number, act in enumerate(self.acts, 1):
            day = day if act.day is None else act.day
            said = act.day is not None or act.time is not None
            yield number, act, self.moment(day, act.time) if said else None

    def concerned(self, names: tuple[str, ...]) -> tuple[Unit, ...]:
        """Return the units of those ``names``; the only one, or all, when none is named."""
        return tuple(unit for unit in self.units if not names or unit.unit in names)

    def lines(self, act: Act) -> Iterator[dict[str, Any]]:
        """Yield the body of each command that ``act`` stands for, ``by`` included."""
        each = self.groups.get(act.each, ()) if isinstance(act.each, str) else act.each
        items = tuple(map(str, each)) or ("",)
        for number, item in enumerate(items):
            parts = dict(zip("abcd", item.split(":"), strict=False))
            words = {"it": item, "next": items[(number + 1) % len(items)], **parts}
            yield {**self.filled(act.with_, words), "by": self.filled(act.by, words)}

    def filled(self, value: Any, words: dict[str, str]) -> Any:
        """Return ``value`` with placeholders, groups (``"@members"``) and days filled in."""
        if isinstance(value, str):
            if value[:1] == "@" and value[1:] in self.groups:
                return list(self.groups[value[1:]])
            return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), value)
        if isinstance(value, list):
            return [self.filled(v, words) for v in value]
        if not isinstance(value, dict):
            return value
        if value.keys() <= {"day", "time"} and isinstance(value.get("day"), int):
            at = self.moment(value["day"], value.get("time"))
            return at.isoformat() if "time" in value else at.date().isoformat()
        return {k: self.filled(v, words) for k, v in value.items()}

    def commands(self) -> int:
        """Return how many commands all acts stand for, in every unit they concern."""
        return sum(
            len(self.concerned(act.unit)) * sum(1 for _ in self.lines(act))
            for act in self.acts
            if isinstance(act, Act)
        )


def without_texts(value: Any) -> Any:
    """Return ``value`` with a placeholder reference where a text will be sealed."""
    if isinstance(value, dict):
        if "text" in value:
            return PLACEHOLDER
        return {k: without_texts(v) for k, v in value.items()}
    return [without_texts(v) for v in value] if isinstance(value, list) else value
