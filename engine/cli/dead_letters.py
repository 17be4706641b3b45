"""``taizhang plugins dead-letters``: events that plugins did not take, and how to go on."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.show import echo, listed
from engine.deliveries.outcomes import State

COLUMNS = (
    "key", "plugin", "version", "cycle", "unit", "kind", "state", "attempts", "error",
    "failed_at", "tried_at", "next_try",
)  # fmt: skip
GIVEN_UP: tuple[State, ...] = ("dead",)
NOT_TAKEN: tuple[State, ...] = ("failed", "delivering", "dead")

PluginOption = Annotated[str | None, typer.Option("--plugin", help="插件 | plugin id")]
AllOption = Annotated[
    bool, typer.Option("--all", help="也列出还在重试的 | also what is still tried again")
]
KeyArgument = Annotated[str | None, typer.Argument(help="编号 | key of the delivery")]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the group ``dead-letters`` to the commands about plugins."""
    group = typer.Typer(help="死信 | events plugins did not take", no_args_is_help=True)
    _listing(group, parts)
    _retrying(group, parts)
    app.add_typer(group, name="dead-letters")


def _listing(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        plugin: PluginOption = None, all_: AllOption = False, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """插件未收下的事件 | List the events that plugins did not take, and why."""
        with answered(lang) as words:
            states = NOT_TAKEN if all_ else GIVEN_UP
            found = parts.outcomes().letters(states, plugin=plugin)
            rows = [letter.model_dump(mode="json") for letter in found]
            if output == "table":
                rows = [{**r, "state": words.of("delivery_state", r["state"])} for r in rows]
            listed(output, words, words.say("title.dead_letters"), COLUMNS, rows, key="key")


def _retrying(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def retry(
        key: KeyArgument = None, plugin: PluginOption = None, lang: LangOption = "zh"
    ) -> None:
        """重新投递 | Let an event go again, or all of a plugin; the host delivers it."""
        with answered(lang) as words:
            if key is None and plugin is None:
                raise typer.BadParameter("需要编号或 --plugin | a key or --plugin is needed")
            count = parts.outcomes().retry(key, plugin=plugin)
            if not count:
                raise Stopped(words.say("done.no_dead_letter", of=key or plugin))
            echo(words.say("done.letters_again", count=count))
