"""``taizhang plan``, ``plugins`` and ``scenario``: what is planned, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.answers import answered, leave
from engine.cli.cycles import found, openings
from engine.cli.options import CycleArgument, LangOption, Output, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.show import as_json, listed
from engine.cli.words import Words
from engine.cycle.commands import OpenCycle
from engine.host.check import hints, problems
from engine.plan.explain import explain, explain_conflict
from engine.plan.steps import Plan
from engine.scenario.load import find, load
from engine.scenario.model import Scenario

STEP_COLUMNS = ("phase", "step", "title", "origin", "plugin", "reason", "participants")
OpeningArgument = Annotated[
    Path, typer.Argument(help="JSON、剧本文件或剧本名 | JSON or scenario")
]
UnitOption = Annotated[
    str | None, typer.Option("--unit", help="剧本中的单位 | a unit of the scenario")
]
ShuffleOption = Annotated[
    int, typer.Option("--shuffle", min=0, max=10_000, help="打乱次数 | orders to try")
]
PLUGIN_COLUMNS = ("id", "version", "scope", "status", "hooks", "title", "error")


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
            plan = found(parts, cycle).plan
            if plan is None:
                raise Stopped("方案步骤尚在编排 | the plan is still being composed")
            show_plan(words, plan, output, digests=[plan.digest])

    _composing(app, parts)
    return app


def _composing(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def compose(
        file: OpeningArgument, unit: UnitOption = None, shuffle: ShuffleOption = 0,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """编排步骤而不开启周期 | Compose the plan of an opening; opens nothing."""
        with answered(lang) as words:
            composer = parts.composer(_opening(file, unit))
            plan = composer.plan()
            digests = sorted({composer.merged().digest, *composer.shuffled(shuffle)})
            show_plan(words, plan, output, digests=digests)

    @app.command()
    def check(file: OpeningArgument, unit: UnitOption = None, lang: LangOption = "zh") -> None:
        """检查步骤能否编定 | Name everything that keeps a contribution out of the plan."""
        with answered(lang) as words:
            plan = parts.composer(_opening(file, unit)).plan()
            if plan.conflicts:
                leave([explain_conflict(c, lang) for c in plan.conflicts], REFUSED)
            typer.echo(words.say("done.composed", steps=len(plan.steps), digest=plan.digest))


def _opening(file: Path, unit: str | None) -> OpenCycle:
    """Return the opening of ``unit`` in the file, the first one when none is named."""
    found_ = openings(file)
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
        typer.echo(explain_conflict(conflict, words.lang))
    return None


def plugin_commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about plugins."""
    app = typer.Typer(help="插件 | plugins", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """插件 | Plugins."""

    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """列出插件及其状况 | List the plugins and how they fare; imports none."""
        with answered(lang) as words:
            rows = [row.model_dump(mode="json") for row in parts.plugins()]
            if output == "table":
                rows = [
                    {
                        **r,
                        "title": r[f"title_{lang}"],
                        "status": words.of("plugin_status", r["status"]),
                    }
                    for r in rows
                ]
            listed(output, words, words.say("title.plugins"), PLUGIN_COLUMNS, rows, key="id")

    _looking(app, parts)
    return app


def _looking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def check(
        folder: Annotated[Path, typer.Argument(help="插件文件夹 | a plugin folder")],
        lang: LangOption = "zh",
    ) -> None:
        """检查一个插件 | Load one plugin in a process of its own and name every problem."""
        with answered(lang) as words:
            if wrong := problems(folder):
                leave(list(wrong), REFUSED)
            typer.echo(words.say("done.plugin_fit", folder=folder))
            for hint in hints(folder):
                typer.echo(words.say("done.plugin_hint", hint=hint))

    @app.command()
    def info(
        plugin: Annotated[str, typer.Argument(help="插件标识 | the plugin's id")],
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """一个插件的全部情况 | Everything known of one plugin; imports nothing."""
        with answered(lang) as words:
            known = {row.id: row.model_dump(mode="json") for row in parts.plugins()}
            if plugin not in known:
                there = ", ".join(sorted(known))
                raise Stopped(f"没有插件 {plugin};现有:{there} | no plugin {plugin}: {there}")
            if output == "json":
                return as_json(known[plugin])
            rows = [{"key": key, "value": value} for key, value in known[plugin].items()]
            title = known[plugin][f"title_{lang}"]
            return listed(output, words, title, ("key", "value"), rows, key="value")


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
            scenario = load(find(file))
            if not (count := scenario.commands()):
                leave([words.say("done.empty")], REFUSED)
            typer.echo(words.say("done.checked", acts=len(scenario.acts), commands=count))

    @app.command()
    def schema() -> None:
        """剧本格式 | Print the JSON Schema of a scenario file."""
        as_json(Scenario.model_json_schema(by_alias=True))

    return app
