"""A scenario file: units, people, their sealed names, and what they do in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time as clock_time, timedelta
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, Field

from engine.campaign.commands import OpenCampaign
from engine.cycle.commands import OpenCycle
from engine.policy.pack import pack_for
from engine.policy.roles import Person
from engine.record import Record
from engine.scenario.acts import (
    Act,
    AnyAct,
    Errand,
    Expectations,
    Scoped,
    Server,
    Snapshot,
    Switching,
    Title,
    Unit,
)
from engine.scenario.bodies import CampaignCast
from engine.scenario.groups import Group, elements


class Scenario(Record):
    """Everything that is played: units, campaigns, acts in order, and how it ends.

    ``scopes`` is what ``plugins.toml`` says while it is played, from before the opening.

    ``start`` is day 0, ``policy`` the name of a pack. A day in ``with`` or ``facts`` is
    written ``{day: 8}`` or ``{day: 8, time: "10:00"}``, a text ``{text: ...}``.
    """

    format: Literal[1]
    title: Title
    server: Server = "real"
    start: AwareDatetime
    policy: str = "default"
    units: tuple[Unit, ...] = ()
    campaigns: tuple[CampaignCast, ...] = ()
    scopes: Scoped = ""
    groups: dict[str, Group] = Field(default_factory=dict)
    acts: tuple[AnyAct, ...]
    expect: Expectations = ()

    @property
    def cycle(self) -> str:
        """Return the cycle of the first unit, or the first campaign where there is none."""
        return self.units[0].cycle if self.units else self.campaigns[0].campaign

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

    def opening_of(self, cast: CampaignCast) -> OpenCampaign:
        """Return the command that opens a campaign."""
        return OpenCampaign(
            campaign=cast.campaign, bodies=cast.bodies(), rehearsal_from=self.start,
            people=tuple(Person(id=p.id, roles=p.roles) for p in cast.people),
            by=cast.officer,
        )  # fmt: skip

    def numbered(self, number: int) -> Scenario:
        """Return the same scenario with ``-<number>`` behind each cycle and campaign."""
        end = f"-{number}" if number > 1 else ""
        named = self.named(*(f"{unit.cycle}{end}" for unit in self.units))
        return named.model_copy(
            update={
                "campaigns": tuple(_ending(cast, end) for cast in self.campaigns),
                "acts": tuple(_ending(act, end) for act in self.acts),
                "expect": tuple(_ending(expected, end) for expected in self.expect),
            }
        )

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

    def group(self, name: str) -> tuple[str, ...] | None:
        """Return the elements of a group, or the bodies of a tier; None when there is none."""
        if name in self.groups:
            return elements(self.groups[name])
        tiers = (tier for cast in self.campaigns for tier in cast.tiers)
        return next((tier.ids() for tier in tiers if tier.tier == name), None)

    def each(
        self, act: Act | Errand, kept: Mapping[str, tuple[str, ...]] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield what the placeholders stand for, for each element of ``act``.

        ``kept`` are groups that were made while it was played.
        """
        each: Iterable[str | int] | None = act.each
        if isinstance(act.each, str):
            each = (kept or {}).get(act.each) or self.group(act.each)
        items = tuple(map(str, each or ())) or ("",)
        for number, item in enumerate(items):
            parts = dict(zip("abcdef", item.split(":"), strict=False))
            yield {"it": item, "next": items[(number + 1) % len(items)], **parts}

    def lines(self, act: Act) -> Iterator[dict[str, Any]]:
        """Yield the body of each command that ``act`` stands for, ``by`` included."""
        for words in self.each(act):
            yield {**self.filled(act.with_, words), "by": self.filled(act.by, words)}

    def filled(self, value: Any, words: dict[str, str]) -> Any:
        """Return ``value`` with placeholders, groups (``"@members"``) and days filled in."""
        if isinstance(value, str):
            said = re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), value)
            group = self.group(said[1:]) if said[:1] == "@" else None
            return said if group is None else list(group)
        if isinstance(value, list):
            return [self.filled(v, words) for v in value]
        if not isinstance(value, dict):
            return value
        if value.keys() <= {"day", "time"} and isinstance(value.get("day"), int):
            at = self.moment(value["day"], value.get("time"))
            return at.isoformat() if "time" in value else at.date().isoformat()
        return {k: self.filled(v, words) for k, v in value.items()}

    def switches(self) -> bool:
        """Say whether it needs a ``plugins.toml`` of its own."""
        return bool(self.scopes) or any(isinstance(act, Switching) for act in self.acts)

    def commands(self) -> int:
        """Return how many commands all acts stand for, in every unit they concern."""
        return sum(
            len(self.targets(act)) * sum(1 for _ in self.lines(act))
            if isinstance(act, Act)
            else sum(1 for _ in self.each(act))
            for act in self.acts
            if not isinstance(act, Snapshot | Switching)
        )

    def targets(self, act: Act) -> tuple[Unit | CampaignCast, ...]:
        """Return whom the commands of ``act`` go to: units, or one campaign."""
        if not act.campaign:
            return self.concerned(act.unit)
        return tuple(cast for cast in self.campaigns if cast.campaign == act.campaign)


R = TypeVar("R", bound=Record)


def _ending(part: R, end: str) -> R:
    """Return ``part`` with ``end`` behind the campaign it names, also in its expectations."""
    changed: dict[str, Any] = {}
    if campaign := getattr(part, "campaign", ""):
        changed["campaign"] = f"{campaign}{end}"
    if expected := getattr(part, "expect", ()):
        changed["expect"] = tuple(_ending(one, end) for one in expected)
    return part.model_copy(update=changed)
