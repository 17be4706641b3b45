"""``taizhang plan`` and ``scenario``: what is planned, and what placed each step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.answers import answered, leave
from engine.cli.cycles import found, openings
from engine.cli.entering import RUNS, look
from engine.cli.options import CycleArgument, LangOption, Output, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.scoped import scopes_of
from engine.cli.show import as_json, echo, listed
from engine.cli.words import Words
from engine.cycle.commands import OpenCycle
from engine.host.compose import Composer
from engine.plan.explain import explain, explain_conflict
from engine.plan.steps import Plan
from engine.scenario.load import find, load_any
from engine.scenario.model import Scenario
from engine.scenario.suite import Suite

USUAL = "nanzhang"
STEP_COLUMNS = ("phase", "step", "title", "origin", "plugin", "reason", "participants")
OpeningArgument = Annotated[
    Path | None, typer.Argument(help="JSON、剧本文件或剧本名 | JSON or scenario")
]
UnitOption = Annotated[
    str | None,
    typer.Option("--unit", help="单位;不给文件时按南漳的人员 | unit; people of Nanzhang"),
]
RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", exists=True, dir_okay=False, help="另一份 plugins.toml | another"),
]
ShuffleOption = Annotated[
    int, typer.Option("--shuffle", min=0, max=10_000, help="打乱次数 | orders to try")
]


def plan_commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about plans."""
    app = typer.Typer(help="方案步骤 | plans", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """方案步骤 | Plans."""

    @app.command("explain")
    def explain_(
        cycle: CycleArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """每一步从何而来 | Say of each step where it comes from and what placed it."""
        with answered(lang) as words:
            look(parts, cycle, RUNS)
            plan = found(parts, cycle).plan
            if plan is None:
                raise Stopped("方案步骤尚在编排 | the plan is still being composed")
            show_plan(words, plan, output, digests=[plan.digest])

    _composing(app, parts)
    return app


def _composing(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def compose(
        file: OpeningArgument = None, unit: UnitOption = None, roster: RosterOption = None,
        shuffle: ShuffleOption = 0, output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """编排步骤而不开启周期 | Compose the plan of a unit; opens nothing."""
        with answered(lang) as words:
            composer = _composer(parts, _opening(file, unit), roster)
            digests = sorted({composer.merged().digest, *composer.shuffled(shuffle)})
            show_plan(words, composer.plan(), output, digests=digests)

    @app.command()
    def check(
        file: OpeningArgument = None, unit: UnitOption = None, roster: RosterOption = None,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """检查步骤能否编定 | Name everything that keeps a contribution out of the plan."""
        with answered(lang) as words:
            plan = _composer(parts, _opening(file, unit), roster).plan()
            if plan.conflicts:
                leave([explain_conflict(c, lang) for c in plan.conflicts], REFUSED)
            echo(words.say("done.composed", steps=len(plan.steps), digest=plan.digest))


def _composer(parts: Parts, opening: OpenCycle, roster: Path | None) -> Composer:
    """Return the composer of ``opening`` under the file that says who is on for whom."""
    file = roster or parts.settings.scopes_path
    scopes_of(file)  # one that cannot be read is said now
    return parts.composer(opening).under(file)


def _opening(file: Path | None, unit: str | None) -> OpenCycle:
    """Return the opening of ``unit`` in the file, the first one when none is named.

    Without a file, any unit has the people of the first scenario.
    """
    found_ = openings(file or Path(USUAL))
    if file is None and unit is not None:
        return found_[0].model_copy(update={"unit": unit, "plugins": None})
    for opening in found_:
        if unit in (None, opening.unit):
            return opening
    known = ", ".join(opening.unit for opening in found_)
    raise Stopped(f"没有单位 {unit};现有:{known} | no unit {unit}; there are: {known}")


def show_plan(words: Words, plan: Plan, output: Output, *, digests: list[str]) -> None:
    """Print a plan: each step with what placed it, then what was refused."""
    rows = [row.model_dump(mode="json") for row in explain(plan, words.lang)]
    if output == "json":
        conflicts = [c.model_dump(mode="json") for c in plan.conflicts]
        shown = {"digest": plan.digest, "steps": rows, "conflicts": conflicts}
        return as_json({**shown, "digests": digests})
    if output == "table":
        rows = [{**r, "origin": words.of("origin", r["origin"])} for r in rows]
    title = words.say("title.plan", digest=plan.digest[:12])
    listed(output, words, title, STEP_COLUMNS, rows, key="step")
    for conflict in plan.conflicts:
        echo(explain_conflict(conflict, words.lang))
    return None


def scenario_commands(_: Parts) -> typer.Typer:
    """Return the group of commands about scenario files."""
    app = typer.Typer(help="剧本 | scenarios", no_args_is_help=True)

    @app.command()
    def check(
        file: Annotated[str, typer.Argument(help="文件或剧本名 | file or name")],
        lang: LangOption = "zh",
    ) -> None:
        """检查剧本 | Name every problem of a scenario file; sends nothing."""
        with answered(lang) as words:
            loaded = load_any(find(file))
            scripts = [loaded] if isinstance(loaded, Scenario) else loaded.scripts.values()
            if not (count := sum(script.commands() for script in scripts)):
                leave([words.say("done.empty")], REFUSED)
            acts = sum(len(script.acts) for script in scripts)
            echo(words.say("done.checked", acts=acts, commands=count))

    @app.command()
    def schema(
        suite: Annotated[
            bool, typer.Option("--suite", help="几个剧本合演的格式 | that of a suite")
        ] = False,
    ) -> None:
        """剧本格式 | Print the JSON Schema of a scenario file."""
        as_json((Suite if suite else Scenario).model_json_schema(by_alias=True))

    return app
