"""``taizhang plan``, ``plugins`` and ``scenario``: what is planned, and by whom."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.answers import answered, leave
from engine.cli.cycles import found
from engine.cli.options import CycleArgument, LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.show import as_json, listed
from engine.plan.explain import explain, explain_conflict
from engine.scenario.load import find, load
from engine.scenario.model import Scenario

STEP_COLUMNS = ("phase", "step", "title", "origin", "plugin", "reason", "participants")
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
            rows = [row.model_dump(mode="json") for row in explain(plan, lang)]
            if output == "json":
                conflicts = [c.model_dump(mode="json") for c in plan.conflicts]
                as_json({"digest": plan.digest, "steps": rows, "conflicts": conflicts})
                return
            if output == "table":
                rows = [{**r, "origin": words.of("origin", r["origin"])} for r in rows]
            title = words.say("title.plan", digest=plan.digest[:12])
            listed(output, words, title, STEP_COLUMNS, rows, key="step")
            for conflict in plan.conflicts:
                typer.echo(explain_conflict(conflict, lang))

    return app


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

    return app


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
