"""``taizhang plugins retire`` and ``facts``: a plugin goes for good, what it wrote stays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from engine.cli.answers import answered
from engine.cli.entering import LISTS, oneself, visible
from engine.cli.keeping import ROOT, administrator
from engine.cli.options import ByOption, LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.scoped import scopes_of
from engine.cli.show import as_json, echo, listed
from engine.host.discovery import everything
from engine.host.kept import KeptTypes
from engine.host.placing import retired
from engine.host.retiring import facts as read_facts, units, unreadable
from engine.host.scopes import Retired
from engine.host.switching import retire as switch_off_for_good
from engine.misshapen import lines
from engine.people.door import Denied

COLUMNS = ("unit", "number", "kind", "written", "data")
PluginArgument = Annotated[str, typer.Argument(help="插件标识 | the plugin's id")]
UnitOption = Annotated[str | None, typer.Option("--unit", help="只看此单位 | this unit alone")]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问 | do not ask")]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the two commands to the group ``plugins``."""
    _retire(app, parts)
    _facts(app, parts)


def refuse_retired(parts: Parts, plugin: str) -> None:
    """Refuse what is asked of a plugin that is out for good."""
    if entry := retired(scopes_of(parts.settings.scopes_path), plugin):
        raise Stopped(
            f"{plugin} 已由 {entry.by} 于 {entry.at:%Y-%m-%d} 退役;所记用 plugins facts 查看 | "
            f"{plugin} was retired by {entry.by} on {entry.at:%Y-%m-%d}; "
            "read what it wrote with plugins facts"
        )


def _retire(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def retire(
        plugin: PluginArgument, by: ByOption, yes: YesOption = False, lang: LangOption = "zh"
    ) -> None:
        """插件退役,所记留存 | Take a plugin out for good; what it wrote stays readable."""
        with answered(lang) as words:
            _prove(parts, by)
            folder = _folder(parts, plugin)
            refuse_retired(parts, plugin)
            if wrong := tuple(unreadable(folder, _types(parts).newest(plugin))):
                raise Stopped(*wrong)
            entry = _entry(parts, plugin, by)
            if not yes:
                typer.confirm(words.say("done.plugin_sure", plugin=plugin), abort=True)
            switch_off_for_good(parts.settings.scopes_path, entry)
            echo(words.say("done.plugin_retired", plugin=plugin))


def _entry(parts: Parts, plugin: str, by: str) -> Retired:
    try:
        return Retired(plugin=plugin, by=by, at=parts.clock())
    except ValidationError as wrong:
        raise Stopped(*lines(wrong)) from None


def _prove(parts: Parts, by: str) -> None:
    """Let nobody go on in another's name."""
    if by == ROOT:
        administrator(parts)
    else:
        oneself(parts, by, "act")


def _facts(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def facts(
        plugin: PluginArgument, unit: UnitOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """插件所记 | What a plugin wrote, read by the kept types; imports nothing."""
        with answered(lang) as words:
            folder, types = _folder(parts, plugin), _types(parts).newest(plugin)
            found = [
                fact
                for each in _visible(parts, folder, unit)
                for fact in read_facts(folder, each, types)
            ]
            rows = [fact.model_dump() for fact in found]
            if output == "json":
                return as_json(rows)
            said = words.say("title.plugin_facts", plugin=plugin)
            return listed(output, words, said, COLUMNS, rows, key="number")


def _visible(parts: Parts, folder: Path, unit: str | None) -> tuple[str, ...]:
    """Return the units whose facts are shown.

    Raises:
        Denied: not one of them may be seen.
        Stopped: nothing was ever written of ``unit``.
    """
    there = units(folder)
    asked = there if unit is None else (unit,)
    may = tuple(filter(visible(parts, LISTS), asked))
    if asked and not may:
        raise Denied
    if lost := [each for each in may if each not in there]:
        raise Stopped(
            f"{folder.name} 没有记过 {lost[0]};记过的单位:{', '.join(there) or '无'} | "
            f"{folder.name} wrote nothing of {lost[0]}; it did of: {', '.join(there) or 'none'}"
        )
    return may


def _types(parts: Parts) -> KeptTypes:
    return KeptTypes(parts.settings.event_types_path)


def _folder(parts: Parts, plugin: str) -> Path:
    """Return where the plugin, there or gone, writes.

    Raises:
        Stopped: no such plugin is there or ever was.
    """
    place = parts.settings.facts_folder
    written = {each.name for each in place.iterdir()} if place.is_dir() else set()
    found = {each.id for each in everything(parts.settings.plugins_dir)}
    known = found | written | _types(parts).plugins()
    if plugin not in known:
        there = ", ".join(sorted(known))
        raise Stopped(f"没有插件 {plugin};现有:{there} | no plugin {plugin}: {there}")
    return place / plugin
