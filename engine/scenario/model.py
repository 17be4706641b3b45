"""A scenario file: the people, their sealed names, and what they do in order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, ValidationError

from engine.cycle.commands import OpenCycle
from engine.cycle.parse import parse
from engine.policy.pack import load_pack
from engine.policy.roles import Person, Role
from engine.record import Id, Record
from engine.refusal import Refused

NEWLINE = "\n"
PLACEHOLDER = f"sealed:{'0' * 32}:{'0' * 64}"


class ScenarioError(Exception):
    """The file is not a scenario; ``problems`` names every act and field that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Cast(Record):
    """Somebody who takes part; ``called`` goes to the vault, never further."""

    id: Id
    called: str
    roles: tuple[Role, ...]


class Act(Record):
    """One command, or one for each element of ``each``; ``{it}`` stands for the element.

    An element ``a:b:c`` gives ``{a}``, ``{b}`` and ``{c}`` too, ``{next}`` the element
    after it in the ring. ``on`` moves the rehearsal's calendar first. ``refused``
    lists the codes of the refusal that this act must meet, no more and no fewer, and
    ``facts`` what one of its reasons must say.
    """

    do: str
    by: str
    with_: Annotated[dict[str, Any], Field(alias="with", default_factory=dict)]
    each: str | tuple[str, ...] = ()
    on: AwareDatetime | None = None
    refused: tuple[str, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    zh: str = ""
    en: str = ""


class Scenario(Record):
    """A whole cycle: its opening, its cast, its acts, and how it has to end.

    ``expect`` names ``status``, ``invited``, ``spoke``, ``full_session``, ``refusals``
    or any counter of the views.
    """

    cycle: Id
    unit: Id
    title_zh: str
    title_en: str
    meeting_on: date
    rehearsal_from: AwareDatetime
    policy: str = "default"
    evaluation: bool = False
    books: tuple[Id, ...]
    people: tuple[Cast, ...]
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    act: tuple[Act, ...]
    expect: dict[str, int | str] = Field(default_factory=dict)

    @property
    def secretary(self) -> str:
        """Return who opens the cycle and moves its calendar."""
        return next(p.id for p in self.people if "branch_secretary" in p.roles)

    def opening(self) -> OpenCycle:
        """Return the command that opens the cycle."""
        return OpenCycle(
            cycle=self.cycle, unit=self.unit, meeting_on=self.meeting_on,
            people=tuple(Person(id=p.id, roles=p.roles) for p in self.people),
            books=self.books, policy=load_pack(self.policy), evaluation=self.evaluation,
            rehearsal_from=self.rehearsal_from, by=self.secretary,
        )  # fmt: skip

    def lines(self, act: Act) -> Iterator[dict[str, Any]]:
        """Yield the body of each command that ``act`` stands for, ``by`` included."""
        items = self.groups.get(act.each, ()) if isinstance(act.each, str) else act.each
        for number, item in enumerate(items or ("",)):
            ring = items or ("",)
            parts = dict(zip("abcd", item.split(":"), strict=False))
            filled = {"it": item, "next": ring[(number + 1) % len(ring)], **parts}
            yield {**_filled(act.with_, filled, self.groups), "by": _filled(act.by, filled, {})}


def _filled(value: Any, words: dict[str, str], groups: dict[str, tuple[str, ...]]) -> Any:
    """Return ``value`` with placeholders filled; ``"@group"`` becomes the group's list."""
    if isinstance(value, str) and value.startswith("@") and value[1:] in groups:
        return list(groups[value[1:]])
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), value)
    if isinstance(value, dict):
        return {k: _filled(v, words, groups) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, words, groups) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def find(name: str) -> Path:
    """Return the file of a shipped scenario, or ``name`` itself when it is a path.

    Raises:
        ScenarioError: neither exists.
    """
    shipped = Path(str(files("engine.scenario") / f"{name}.toml"))
    for path in (shipped, Path(name)):
        if path.is_file():
            return path
    known = ", ".join(sorted(p.stem for p in shipped.parent.glob("*.toml")))
    raise ScenarioError(
        [f"没有剧本 {name};现有:{known} | no scenario {name}; there are: {known}"]
    )


def load(path: Path) -> Scenario:
    """Return the scenario in ``path``, every command of it checked.

    Raises:
        ScenarioError: with every problem of the file.
    """
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise ScenarioError([f"{path.name}: {wrong}"]) from None
    places = _places(text)
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as wrong:
        raise ScenarioError(
            [f"{_where(e['loc'], places)}: {e['msg']}" for e in wrong.errors()]
        ) from None
    if problems := list(dict.fromkeys(_problems(scenario, places))):
        raise ScenarioError(problems)
    return scenario


def _places(text: str) -> list[str]:
    """Return for each act where it stands: its line and its number, both from 1."""
    headers = re.finditer(r"^[ \t]*\[\[[ \t]*act[ \t]*\]\]", text, re.MULTILINE)
    return [
        f"line {text.count(NEWLINE, 0, found.start()) + 1}, act {number}"
        for number, found in enumerate(headers, 1)
    ]


def _where(path: tuple[int | str, ...], places: list[str]) -> str:
    """Return the place of a field: its act's, with what is left of ``path``."""
    if len(path) > 1 and path[0] == "act" and int(path[1]) < len(places):
        return ": ".join((places[int(path[1])], ".".join(map(str, path[2:]))))
    return ".".join(map(str, path))


def _problems(scenario: Scenario, places: list[str]) -> Iterator[str]:
    if not any("branch_secretary" in person.roles for person in scenario.people):
        yield "people: no branch_secretary"
    for number, act in enumerate(scenario.act):
        place = places[number] if number < len(places) else f"act {number + 1}"
        for problem in _act_problems(scenario, act):
            yield f"{place} ({act.do}): {problem}"


def _act_problems(scenario: Scenario, act: Act) -> Iterator[str]:
    known = {person.id for person in scenario.people}
    if isinstance(act.each, str) and act.each not in scenario.groups:
        yield f"no group {act.each}"
        return
    for body in scenario.lines(act):
        if body["by"] not in known and "unknown_person" not in act.refused:
            yield f"no person {body['by']}"
        if "bad_command" in act.refused:
            continue
        try:
            parse(act.do, without_texts(body))
        except Refused as refused:
            yield from (reason.sentence("en") for reason in refused.reasons)


def without_texts(value: Any) -> Any:
    """Return ``value`` with a placeholder reference where a text will be sealed."""
    if isinstance(value, dict):
        if "text" in value:
            return PLACEHOLDER
        return {k: without_texts(v) for k, v in value.items()}
    return [without_texts(v) for v in value] if isinstance(value, list) else value
