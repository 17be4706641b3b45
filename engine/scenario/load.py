"""Find a scenario file and read it; every problem of it is told at once, with its line."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from engine.bilingual import halves
from engine.misshapen import reason
from engine.record import Record
from engine.scenario.marked import Marked, Place, Problem, read
from engine.scenario.model import Scenario
from engine.scenario.problems import problems_of
from engine.scenario.suite import Repertoire, Suite
from engine.scenario.suited import problems_of_suite

R = TypeVar("R", bound=Record)
L = TypeVar("L", Scenario, Repertoire)

BRANCHES = ("act", "snapshot", "errand", "switching")
"""Names of a union's branches, which a message has no need of."""


class ScenarioError(Exception):
    """The file is not a scenario; ``problems`` names every act and field that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def find(name: str, *, beside: Path = Path()) -> Path:
    """Return the file of a shipped scenario, or ``name`` as a path from ``beside``.

    Raises:
        ScenarioError: neither exists.
    """
    shipped = Path(str(files("engine.scenario") / f"{name}.yaml"))
    for path in (shipped, beside / name):
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
    return _scenario(_read(path))


def load_any(path: Path) -> Scenario | Repertoire:
    """Return the scenario in ``path``, or the suite with all its scenarios.

    Raises:
        ScenarioError: with every problem of the file and of those it plays.
    """
    marked = _read(path)
    if isinstance(marked.value, dict) and "plays" in marked.value:
        return _repertoire(marked, path)
    return _scenario(marked)


def _read(path: Path) -> Marked:
    try:
        return read(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ScenarioError([f"{path.name}: {wrong}"]) from None


def _scenario(marked: Marked) -> Scenario:
    scenario, problems = _shaped(Scenario, marked)
    if scenario is not None:
        problems += problems_of(scenario)
    return _without(problems, marked, scenario)


def _repertoire(marked: Marked, path: Path) -> Repertoire:
    suite, problems = _shaped(Suite, marked)
    if suite is None:
        raise _wrong(problems, marked)
    scripts: dict[str, Scenario] = {}
    wrong: list[str] = []
    for name in suite.plays:
        try:
            scripts[name] = load(find(name, beside=path.parent))
        except ScenarioError as error:
            wrong += [_inside(name, problem) for problem in error.problems]
    if wrong:
        raise ScenarioError(wrong)
    repertoire = Repertoire(suite=suite, scripts=scripts)
    return _without([*problems, *problems_of_suite(repertoire)], marked, repertoire)


def _inside(name: str, problem: str) -> str:
    """Return the problem with the name of the scenario it is in, in both languages."""
    zh, en = halves(problem)
    return f"{name} {zh} | {name} {en}"


def _shaped(model: type[R], marked: Marked) -> tuple[R | None, list[Problem]]:
    """Return what the file says as a ``model``, and what is wrong with its shape."""
    problems = list(marked.problems)
    if any(problem.place == ("yaml",) for problem in problems):
        return None, problems
    try:
        return model.model_validate(marked.value or {}), problems
    except ValidationError as wrong:
        return None, [*problems, *(_misshapen(e["loc"], reason(e)) for e in wrong.errors())]


def _without(problems: list[Problem], marked: Marked, loaded: L | None) -> L:
    """Return what was loaded when nothing is wrong with it."""
    if problems or loaded is None:
        raise _wrong(problems, marked)
    return loaded


def _wrong(problems: list[Problem], marked: Marked) -> ScenarioError:
    return ScenarioError(list(dict.fromkeys(_told(marked, p) for p in problems)))


def _misshapen(path: Place, said: str) -> Problem:
    """Return the problem at ``path`` without the name of the union's branch in it."""
    if path[:1] == ("acts",) and path[2:3] and path[2] in BRANCHES:
        path = (*path[:2], *path[3:])
    zh, en = halves(said)
    return Problem(path, zh, en)


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
