"""What a scenario file is made of: units and people, acts, snapshots, expectations."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from engine.cycle.state import Status as CycleStatus
from engine.host.scopes import Scopes
from engine.issue.deadlines import Standing
from engine.issue.state import Status as IssueStatus
from engine.plan.steps import PluginId
from engine.policy.roles import Role
from engine.record import Id, Record
from engine.scenario.bodies import CampaignExpectation

Server: TypeAlias = Literal["real", "time_skipping"]
"""Where a scenario is played: the real server, or the one that skips time."""

Day: TypeAlias = Annotated[int, Field(ge=0, le=36_500, description="天数,start 为第 0 天")]
Time: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Element: TypeAlias = Annotated[str | int, AfterValidator(str)]
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _pattern(written: str) -> str:
    try:
        re.compile(written)
    except re.error as wrong:
        raise ValueError(f"no pattern: {wrong}") from None
    return written


Pattern: TypeAlias = Annotated[str, AfterValidator(_pattern)]
"""A regular expression."""


def _listed(value: Any) -> Any:
    """Return a list of one for what may be written without a list."""
    return [value] if isinstance(value, str | dict) else value


class Title(Record):
    """Its title, in both languages."""

    zh: Text
    en: Text


class Cast(Record):
    """Somebody who takes part; ``called`` goes to the vault, never further."""

    id: Id
    called: Text
    roles: tuple[Role, ...]


class MeetingDay(Record):
    """On which day the meeting is planned."""

    day: Day


class Unit(Record):
    """A unit and the cycle it runs; the branch secretary among its people opens it.

    ``policy`` is a pack of its own; without one the scenario's holds. ``plugins`` are the
    local steps it wants.
    """

    unit: Id
    cycle: Id
    meeting: MeetingDay
    books: tuple[Id, ...] = ()
    evaluation: bool = False
    policy: Text | None = None
    plugins: tuple[PluginId, ...] = ()
    people: tuple[Cast, ...]

    @property
    def secretary(self) -> str:
        """Return who opens the cycle and moves its calendar."""
        return next(p.id for p in self.people if "branch_secretary" in p.roles)


class Lists(Record):
    """The three lists: how many rows each has, or the issue of each row in order."""

    issues: int | tuple[int, ...] | None = None
    measures: int | tuple[int, ...] | None = None
    duties: int | tuple[int, ...] | None = None


class Expectation(Record):
    """How the cycle of ``unit`` has to stand; what is left out may be anything.

    ``states`` gives the status of an issue by its number, ``refusals`` how many acts
    were refused, ``counts`` any counter of the views, ``standings`` how many issues
    stand where on that day: these add up to all.
    """

    unit: Id | None = None
    status: CycleStatus | None = None
    states: dict[int, IssueStatus] = Field(default_factory=dict)
    invited: int | None = None
    spoke: int | None = None
    full_session: int | None = None
    refusals: int | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    standings: dict[Standing, int] = Field(default_factory=dict)
    lists: Lists = Lists()


def _whose(value: Any) -> str:
    held = value if isinstance(value, dict) else {}
    there = isinstance(value, CampaignExpectation) or "campaign" in held
    return "campaign" if there else "unit"


AnyExpectation: TypeAlias = Annotated[
    Annotated[Expectation, Tag("unit")] | Annotated[CampaignExpectation, Tag("campaign")],
    Discriminator(_whose),
]
"""About a unit or about a campaign: what names a ``campaign`` is about one."""

Expectations: TypeAlias = Annotated[
    tuple[AnyExpectation, ...],
    BeforeValidator(
        _listed, json_schema_input_type=AnyExpectation | tuple[AnyExpectation, ...]
    ),
]
"""One expectation, or one for each unit and campaign."""

Units: TypeAlias = Annotated[
    tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])
]
"""One unit, or several."""


class Act(Record):
    """One command, or one for each element of ``each``; ``{it}`` stands for the element.

    An element ``a:b:c`` gives ``{a}``, ``{b}`` and ``{c}`` too, ``{next}`` the element
    after it in the ring. With ``campaign`` it is a command to that one and concerns no
    unit. ``day`` and ``time`` say not before when. ``refused`` lists the codes of the
    refusal that this act must meet, no more and no fewer, and ``facts`` what one of its
    reasons must say.
    """

    do: str
    by: str
    unit: Units = ()
    campaign: Id = ""
    day: Day | None = None
    time: Time | None = None
    with_: Annotated[dict[str, Any], Field(alias="with", default_factory=dict)]
    each: str | tuple[Element, ...] = ()
    refused: tuple[str, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    zh: str = ""
    en: str = ""


class Snapshot(Record):
    """A look at how things stand in the middle, under a label."""

    snapshot: Text
    day: Day | None = None
    time: Time | None = None
    expect: Expectations = ()
    zh: str = ""
    en: str = ""


class Errand(Record):
    """A plugin's own command, run as a person would: ``python -m PLUGIN FOLDER run...``.

    It runs in a process of its own, on the rehearsal's day, once the plugin has heard all
    the ledger has to tell. ``refused`` is what it must say when it refuses. ``sees`` gives
    numbers names: what a pattern's group holds, added up, or how often it occurs.
    ``keeps`` makes a group of the lines it said. ``{cycle}`` and ``{today}`` may be used.
    """

    plugin: PluginId
    run: Annotated[tuple[Element, ...], Field(max_length=20)]
    unit: Id = ""
    day: Day | None = None
    time: Time | None = None
    each: str | tuple[Element, ...] = ()
    refused: Pattern = ""
    sees: dict[str, Pattern] = Field(default_factory=dict)
    keeps: str = ""
    zh: str = ""
    en: str = ""


def _read(written: str) -> str:
    try:
        Scopes.model_validate(tomllib.loads(written))
    except (tomllib.TOMLDecodeError, ValueError) as wrong:
        raise ValueError(f"no plugins.toml: {wrong}") from None
    return written


Scoped: TypeAlias = Annotated[str, AfterValidator(_read)]
"""What ``plugins.toml`` says, as it would stand there."""


class Switching(Record):
    """From here on ``scopes`` is what the rehearsal's ``plugins.toml`` says."""

    scopes: Scoped
    day: Day | None = None
    time: Time | None = None
    zh: str = ""
    en: str = ""


def _kind(value: Any) -> str:
    held = value if isinstance(value, dict) else {}
    if isinstance(value, Switching) or "scopes" in held:
        return "switching"
    if isinstance(value, Snapshot) or "snapshot" in held:
        return "snapshot"
    return "errand" if isinstance(value, Errand) or "plugin" in held else "act"


AnyAct: TypeAlias = Annotated[
    Annotated[Act, Tag("act")]
    | Annotated[Snapshot, Tag("snapshot")]
    | Annotated[Errand, Tag("errand")]
    | Annotated[Switching, Tag("switching")],
    Discriminator(_kind),
]
"""An act, or what has a ``snapshot``, a ``plugin`` for an errand, or ``scopes``."""
