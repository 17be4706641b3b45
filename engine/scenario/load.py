"""Find a scenario file and read it; every problem of it is told at once, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from engine.cycle.decide import open_cycle
from engine.cycle.parse import parse
from engine.policy.pack import load_pack
from engine.refusal import Refused
from engine.scenario.acts import Act, AnyAct, Expectation, Unit
from engine.scenario.marked import Marked, Place, Problem, read
from engine.scenario.model import Scenario, without_texts
from engine.vault.sealing import refused_texts
from engine.views.counts import counts

TEXT_LIMIT = 16_384
"""Bytes of a text by default; a smaller setting is told when the scenario is played."""


class ScenarioError(Exception):
    """The file is not a scenario; ``problems`` names every act and field that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def find(name: str) -> Path:
    """Return the file of a shipped scenario, or ``name`` itself when it is a path.

    Raises:
        ScenarioError: neither exists.
    """
    shipped = Path(str(files("engine.scenario") / f"{name}.yaml"))
    for path in (shipped, Path(name)):
        if path.is_file():
            return path
    known = ", ".join(sorted(p.stem for p in shipped.parent.glob("*.yaml")))
    raise ScenarioError(
        [f"没有剧本 {name};现有:{known} | no scenario {name}; there are: {known}"]
    )


def load(path: Path) -> Scenario:
    """Return the scenario in ``path``, every command of it checked.

    Raises:
        ScenarioError: with every problem of the file.
    """
    try:
        marked = read(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ScenarioError([f"{path.name}: {wrong}"]) from None
    problems = list(marked.problems)
    scenario: Scenario | None = None
    if not any(problem.place == ("yaml",) for problem in problems):
        try:
            scenario = Scenario.model_validate(marked.value or {})
            problems += _problems(scenario)
        except ValidationError as wrong:
            problems += [_misshapen(e["loc"], e["msg"]) for e in wrong.errors()]
    if problems or scenario is None:
        raise ScenarioError(list(dict.fromkeys(_told(marked, p) for p in problems)))
    return scenario


def _misshapen(path: Place, said: str) -> Problem:
    """Return the problem at ``path`` without the name of the union's branch in it."""
    if path[:1] == ("acts",) and path[2:3] in (("act",), ("snapshot",)):
        path = (*path[:2], *path[3:])
    return Problem(path, said, said)


def _told(marked: Marked, problem: Problem) -> str:
    """Return the problem in both languages, with its line, its act and its field."""
    zh, en, place = [], [], problem.place
    if (line := marked.line(place)) is not None:
        zh.append(f"第 {line} 行")
        en.append(f"line {line}")
    if place[:1] == ("acts",) and len(place) > 1:
        zh.append(f"第 {int(place[1]) + 1} 幕")
        en.append(f"act {int(place[1]) + 1}")
        place = place[2:]
    field = "" if place == ("yaml",) else ".".join(map(str, place))
    where = [" ".join(part for part in (", ".join(said), field) if part) for said in (zh, en)]
    told = (problem.zh, problem.en)
    return " | ".join(f"{w}: {t}" if w else t for w, t in zip(where, told, strict=True))


def _problems(scenario: Scenario) -> Iterator[Problem]:
    if wrong := list(_policy(scenario)):
        yield from wrong
    else:
        for number, unit in enumerate(scenario.units):
            yield from _unit(scenario, unit, ("units", number))
    for number, expected in enumerate(scenario.expect):
        yield from _expected(scenario, expected, ("expect", number))
    seen: list[str] = []
    day = 0
    for number, act in enumerate(scenario.acts):
        place: Place = ("acts", number)
        if act.day is not None and act.day < day:
            said = (f"第 {act.day} 天在第 {day} 天之后", f"day {act.day} comes after day {day}")
            yield Problem((*place, "day"), *said)
        day = max(day, act.day or 0)
        yield from _act(scenario, act, place, seen)


def _policy(scenario: Scenario) -> Iterator[Problem]:
    try:
        load_pack(scenario.policy)
    except (OSError, ValueError):
        name = scenario.policy
        yield Problem(("policy",), f"没有这套规则 {name}", f"no policy pack {name}")


def _unit(scenario: Scenario, unit: Unit, place: Place) -> Iterator[Problem]:
    """Yield what makes the unit's cycle impossible to open."""
    if not any("branch_secretary" in person.roles for person in unit.people):
        yield Problem((*place, "people"), "没有 branch_secretary", "no branch_secretary")
        return
    try:
        open_cycle(scenario.opening(unit), now=scenario.start)
    except Refused as refused:
        for reason in refused.reasons:
            yield Problem((*place, "people"), reason.sentence("zh"), reason.sentence("en"))
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False):
            yield Problem((*place, *error["loc"]), error["msg"], error["msg"])
    for key in ("unit", "cycle"):
        value = getattr(unit, key)
        if sum(getattr(other, key) == value for other in scenario.units) > 1:
            yield Problem((*place, key), f"{value} 重复", f"{value} is there twice")


def _act(scenario: Scenario, act: AnyAct, place: Place, seen: list[str]) -> Iterator[Problem]:
    if isinstance(act, Act):
        yield from _named(scenario, act.unit, (*place, "unit"))
        yield from _commands(scenario, act, (*place, "do"))
        return
    if act.snapshot in seen:
        label = act.snapshot
        yield Problem((*place, "snapshot"), f"{label} 重复", f"{label} is there twice")
    seen.append(act.snapshot)
    for number, expected in enumerate(act.expect):
        yield from _expected(scenario, expected, (*place, "expect", number))


def _expected(scenario: Scenario, expected: Expectation, place: Place) -> Iterator[Problem]:
    yield from _named(scenario, (expected.unit,) if expected.unit else (), (*place, "unit"))
    known = counts(())
    for name in expected.counts.keys() - known.keys():
        there = ", ".join(known)
        yield Problem(
            (*place, "counts", name),
            f"没有这项统计;现有:{there}",
            f"no such counter; there are: {there}",
        )


def _named(scenario: Scenario, names: tuple[str, ...], place: Place) -> Iterator[Problem]:
    """Yield units that are not there, and a unit that has to be named and is not."""
    known = [unit.unit for unit in scenario.units]
    if not names and len(known) > 1:
        yield Problem(place, "有几个单位,须写明是哪个", "there are several units: name one")
    for name in names:
        if name not in known:
            yield Problem(place, f"没有单位 {name}", f"no unit {name}")


def _commands(scenario: Scenario, act: Act, place: Place) -> Iterator[Problem]:
    """Yield what is wrong with each command of ``act``, as the gateway would say it."""
    if isinstance(act.each, str) and act.each not in scenario.groups:
        said = (f"没有分组 {act.each}", f"no group {act.each}")
        yield Problem((*place[:-1], "each"), *said)
        return
    casts = [{p.id for p in unit.people} for unit in scenario.concerned(act.unit)]
    known = set.intersection(*casts) if casts else set()
    for body in scenario.lines(act):
        if body["by"] not in known and "unknown_person" not in act.refused:
            said = (f"{act.do}:没有 {body['by']} 这个人", f"{act.do}: no person {body['by']}")
            yield Problem((*place[:-1], "by"), *said)
        if "bad_command" in act.refused:
            continue
        for field, why in refused_texts(body, subject="x", limit_bytes=TEXT_LIMIT).items():
            zh, en = why.split(" | ")
            yield Problem(place, f"{act.do}:{field} {zh}", f"{act.do}: {field} {en}")
        try:
            parse(act.do, without_texts(body))
        except Refused as refused:
            for r in refused.reasons:
                zh, en = r.sentence("zh"), r.sentence("en")
                yield Problem(place, f"{act.do}:{zh}", f"{act.do}: {en}")
