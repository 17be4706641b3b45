"""``taizhang plugins``: which there are, how they fare, and for whom they are on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli import acceptance, authors, contracts, dead_letters, retiring
from engine.cli.answers import answered, leave
from engine.cli.matrix import matrix
from engine.cli.options import LangOption, Output, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.scoped import scopes_of
from engine.cli.show import as_json, echo, listed
from engine.cli.words import Words
from engine.deliveries.troubles import Trouble
from engine.host.check import hints, problems
from engine.host.discovery import everything
from engine.host.health import PluginHealth, placed
from engine.host.manifest import Found
from engine.host.placing import queues, standing
from engine.host.scopes import Scopes
from engine.host.switching import disable as switch_off, enable as switch_on

COLUMNS = (
    "id", "version", "scope", "criticality", "status", "units", "since", "hooks", "title",
    "error",
)  # fmt: skip
PluginArgument = Annotated[str, typer.Argument(help="插件标识 | the plugin's id")]
UnitOption = Annotated[
    str | None, typer.Option("--unit", help="只对此单位 | for this unit alone")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about plugins."""
    app = typer.Typer(help="插件 | plugins", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """插件 | Plugins."""

    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """列出插件及其状况 | List the plugins and how they fare; imports none."""
        with answered(lang) as words:
            rows = _rows(parts)
            if output == "table":
                rows = [_readable(row, words) for row in rows]
            listed(output, words, words.say("title.plugins"), COLUMNS, rows, key="id")

    _info(app, parts)
    _check(app)
    _switches(app, parts)
    retiring.register(app, parts)
    authors.register(app, parts)
    contracts.register(app, parts)
    acceptance.register(app)
    dead_letters.register(app, parts)
    return app


def _rows(parts: Parts) -> list[dict[str, Any]]:
    scopes, shared = scopes_of(parts.settings.scopes_path), parts.settings.plugin_task_queue
    rows, troubled = placed(parts.plugins(), scopes), parts.troubles()
    return [
        {
            **_faring(row, troubled.get(row.id)).model_dump(mode="json"),
            "queue": ", ".join(queues(scopes, row.id, shared)),
            "deliveries": _told(troubled.get(row.id)),
        }
        for row in rows
    ]


def _faring(row: PluginHealth, trouble: Trouble | None) -> PluginHealth:
    """Return how a plugin fares; one that loads well may still not take its events."""
    if trouble is None or row.status not in ("found", "loaded"):
        return row
    ill = {"status": "degraded", "error": f"on_event: {trouble.error}", "since": trouble.since}
    return row.model_copy(update=ill)


def _told(trouble: Trouble | None) -> dict[str, Any] | None:
    return trouble.model_dump(mode="json", exclude={"plugin"}) if trouble else None


def _readable(row: dict[str, Any], words: Words) -> dict[str, Any]:
    status, error = words.of("plugin_status", row["status"]), row["error"]
    if trouble := row["deliveries"]:
        counted = words.say(
            "title.not_taken", **trouble | {"units": ", ".join(trouble["units"])}
        )
        error = f"{error}; {counted}"
    return {**row, "title": row[f"title_{words.lang}"], "status": status, "error": error}


def _info(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def info(
        plugin: PluginArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个插件的全部情况 | Everything known of one plugin; imports nothing."""
        with answered(lang) as words:
            known = {row["id"]: row for row in _rows(parts)}
            if plugin not in known:
                raise _unknown(plugin, known)
            scopes = scopes_of(parts.settings.scopes_path)
            row = {**known[plugin], "config": _keys(scopes, plugin)}
            if output == "json":
                return as_json(row)
            if output == "ids":
                return echo(plugin)
            rows = [{"key": key, "value": value} for key, value in row.items()]
            title = row[f"title_{lang}"] or plugin
            return listed(output, words, title, ("key", "value"), rows, key="value")


def _keys(scopes: Scopes, plugin: str) -> list[str]:
    """Return where each key of the configuration is set; never what to."""
    return [
        f"{level}/{name}: {key}" if name else f"{level}: {key}"
        for level, name, table in scopes.tables()
        for key in table.config.get(plugin, {})
    ]


def _unknown(plugin: str, known: dict[str, Any]) -> Stopped:
    there = ", ".join(sorted(known))
    return Stopped(f"没有插件 {plugin};现有:{there} | no plugin {plugin}: {there}")


def _check(app: typer.Typer) -> None:
    @app.command()
    def check(
        folder: Annotated[Path, typer.Argument(help="插件文件夹 | a plugin folder")],
        all_: Annotated[
            bool, typer.Option("--matrix", help="其中每个插件 | every plugin below it")
        ] = False,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """检查一个插件 | Load one plugin in a process of its own and name every problem."""
        with answered(lang) as words:
            if all_:
                return matrix(words, folder, output)
            wrong = problems(folder, tries=True)
            if output == "json":
                shown = {"problems": wrong, "hints": hints(folder), "folder": folder}
                as_json(shown | {"fit": not wrong})
            if wrong:
                leave([] if output == "json" else [words.half(w) for w in wrong], REFUSED)
            return _told_fit(words, folder, output)


def _told_fit(words: Words, folder: Path, output: Output) -> None:
    if output == "ids":
        echo(folder.resolve().name)
    elif output == "table":
        echo(words.say("done.plugin_fit", folder=folder))
        for hint in hints(folder):
            echo(words.say("done.plugin_hint", hint=hint))


def _switches(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def disable(
        plugin: PluginArgument, unit: UnitOption = None, lang: LangOption = "zh"
    ) -> None:
        """停用插件,不加载任何插件 | Switch a plugin off; loads none."""
        with answered(lang) as words:
            retiring.refuse_retired(parts, plugin)
            file = parts.settings.scopes_path
            _refuse_what_is_imposed(_known(parts, plugin), scopes_of(file), unit)
            _switched(words, switch_off(file, plugin, unit), "plugin_off", plugin, unit)

    @app.command()
    def enable(
        plugin: PluginArgument, unit: UnitOption = None, lang: LangOption = "zh"
    ) -> None:
        """恢复启用 | Take back what ``disable`` switched off."""
        with answered(lang) as words:
            retiring.refuse_retired(parts, plugin)
            file = parts.settings.scopes_path
            _switched(words, switch_on(file, plugin, unit), "plugin_on", plugin, unit)


def _known(parts: Parts, plugin: str) -> Found:
    found = {each.id: each for each in everything(parts.settings.plugins_dir)}
    if plugin not in found:
        raise _unknown(plugin, found)
    return found[plugin]


def _refuse_what_is_imposed(plugin: Found, scopes: Scopes, unit: str | None) -> None:
    if unit and standing(plugin, scopes, unit).imposed:
        raise Stopped(
            f"{plugin.id} 由上级规定,单位不能停用 | "
            f"{plugin.id} is required from above; a unit cannot switch it off"
        )


def _switched(words: Words, changed: bool, done: str, plugin: str, unit: str | None) -> None:
    if not changed:
        leave([words.say(f"done.{done}_already", plugin=plugin)], REFUSED)
    echo(words.say(f"done.{done}", plugin=plugin, unit=unit or "*"))
