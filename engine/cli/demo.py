"""``taizhang demo``: play a scenario or a suite on a server and tell what happened."""

from __future__ import annotations

import signal
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption
from engine.cli.parts import Parts, Running
from engine.cli.playing import free, held_to, played_through
from engine.cli.show import echo
from engine.cli.suites import play_suite
from engine.cli.summary import epilogue
from engine.cli.words import Words
from engine.scenario.acts import Server
from engine.scenario.load import find, load_any
from engine.scenario.model import Scenario
from engine.scenario.suite import Repertoire


class ServerName(StrEnum):
    """How a server is named on the command line."""

    REAL = "real"
    TIME_SKIPPING = "time-skipping"


SERVERS: dict[ServerName, Server] = {
    ServerName.REAL: "real",
    ServerName.TIME_SKIPPING: "time_skipping",
}

ScenarioArgument = Annotated[str, typer.Argument(help="剧本名或文件 | name or file")]
ServerOption = Annotated[
    ServerName | None,
    typer.Option(
        "--server", help="在哪种服务上演,缺省依剧本 | which server; the file says otherwise"
    ),
]
KeepOption = Annotated[
    bool, typer.Option("--keep", help="演示后服务继续运行 | keep the server running afterwards")
]
SummaryOption = Annotated[
    Path | None, typer.Option("--json", help="另写一份摘要 | write a summary to this file")
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the demo."""

    @app.command()
    def demo(
        scenario: ScenarioArgument = "nanzhang",
        server: ServerOption = None,
        keep: KeepOption = False,
        summary: SummaryOption = None,
        lang: LangOption = "zh",
    ) -> None:
        """演示一个完整周期,或几处一起 | Play a whole cycle for real, or many places."""
        with answered(lang) as words:
            script = load_any(find(scenario))
            where = SERVERS[server] if server else script.server
            echo(words.say(f"story.starting_{where}"))
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops the stack too
            with parts.stage(where) as running:
                if isinstance(script, Repertoire):
                    name = play_suite(words, running, script, summary)
                else:
                    name = _play_one(words, running, script, summary)
                if keep:
                    _keep(words, running, name)


def _play_one(words: Words, running: Running, script: Scenario, summary: Path | None) -> str:
    """Play one scenario, show what came of it, and return what to look at next."""
    script = free(running.parts, script)
    told, wrong = played_through(words, running, script)
    epilogue(words, running, told, script)
    if summary:
        told.write(summary)
    held_to(words, wrong)
    return script.cycle


def _keep(words: Words, running: Running, cycle: str) -> None:
    """Leave the stack running until the person has seen enough."""
    seen = {"ui": running.ui, "address": running.address, "cycle": cycle}
    echo(words.say("story.kept" if running.ui else "story.kept_no_ui", **seen))
    with suppress(KeyboardInterrupt):
        signal.pause()
