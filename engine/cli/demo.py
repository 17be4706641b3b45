"""``taizhang demo``: play a scenario on a server and tell what happened."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption
from engine.cli.parts import Parts, Running, Stopped
from engine.cli.story import Story
from engine.cli.summary import Summary, epilogue, summary_of
from engine.cli.words import Words
from engine.scenario.acts import Server, Snapshot
from engine.scenario.calendar import Calendar, SkippedCalendar
from engine.scenario.found import Difference, Found, differences
from engine.scenario.load import find, load
from engine.scenario.model import Scenario
from engine.scenario.onlooker import Onlooker
from engine.scenario.play import OffScriptError, Played, play


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
        """演示一个完整周期 | Play a whole cycle for real, and show what came of it."""
        with answered(lang) as words:
            script = load(find(scenario))
            where = SERVERS[server] if server else script.server
            typer.echo(words.say(f"story.starting_{where}"))
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops the stack too
            with parts.stage(where) as running:
                script = _free(running.parts, script)
                told, wrong = _played(words, running, script)
                epilogue(words, running, told, script)
                if summary:
                    told.write(summary)
                _held_to(words, wrong)
                if keep:
                    _keep(words, running, script.cycle)


def _played(
    words: Words, running: Running, script: Scenario
) -> tuple[Summary, list[Difference]]:
    """Play ``script``; return what the ledger says of it, and what it should not say.

    Raises:
        Stopped: it went off the script; snapshots that were wrong before are named too.
    """
    started = time.monotonic()
    acts: list[Played] = []
    with Story(words, script) as story:

        def told(played: Played) -> None:
            acts.append(played)
            story.tell(played)

        try:
            found = asyncio.run(_play(running, script, told))
        except OffScriptError as off:
            early = [_line(words, d) for d in _differences(script, acts, ())]
            raise Stopped(*early, *str(off).splitlines()) from off
    seconds = time.monotonic() - started
    summary = summary_of(running.parts, acts, found, seconds=seconds)
    return summary, _differences(script, acts, found)


async def _play(
    running: Running, script: Scenario, told: Callable[[Played], None]
) -> tuple[Found, ...]:
    """Play ``script`` and return how its cycles stand at the end."""
    parts = running.parts
    async with parts.gateway() as gateway, _calendar(running, script) as calendar:
        onlooker = Onlooker(gateway, parts.ledger(), parts.readings())

        def both(played: Played) -> None:
            onlooker.told(played)
            told(played)

        await play(
            script, onlooker, parts.vault(), told=both, calendar=calendar,
            look=onlooker.look, limit_bytes=parts.settings.text_limit_bytes,
        )  # fmt: skip
        last = max((on for _, _, on in script.timed() if on), default=None)
        return tuple([await onlooker.look(unit, last) for unit in script.units])


@asynccontextmanager
async def _calendar(running: Running, script: Scenario) -> AsyncIterator[Calendar | None]:
    """Give the calendar of a server that skips time; None where it cannot."""
    if running.clock is None:
        yield None
        return
    async with running.clock() as clock:
        yield SkippedCalendar(clock, script.start)


def _differences(
    script: Scenario, acts: Sequence[Played], found: Sequence[Found]
) -> list[Difference]:
    """Return what is not as expected, in snapshots and at the end."""
    wrong: list[Difference] = []
    for played in acts:
        if isinstance(played.act, Snapshot):
            label = played.act.snapshot
            wrong += differences(script, played.act.expect, played.found, label=label)
    return [*wrong, *(differences(script, script.expect, found) if found else ())]


def _free(parts: Parts, script: Scenario) -> Scenario:
    """Return ``script`` with its own names, or with a number where a cycle is there."""
    known = {row.cycle for row in parts.readings().cycles()}
    number, names = 1, [unit.cycle for unit in script.units]
    while known.intersection(names):
        number += 1
        names = [f"{unit.cycle}-{number}" for unit in script.units]
    return script.named(*names)


def _held_to(words: Words, wrong: Sequence[Difference]) -> None:
    """Raise ``Stopped`` with every expectation of the file that does not hold."""
    if wrong:
        raise Stopped(*(_line(words, difference) for difference in wrong))


def _line(words: Words, difference: Difference) -> str:
    return words.say("done.expected", **difference.model_dump())


def _keep(words: Words, running: Running, cycle: str) -> None:
    """Leave the stack running until the person has seen enough."""
    seen = {"ui": running.ui, "address": running.address, "cycle": cycle}
    typer.echo(words.say("story.kept" if running.ui else "story.kept_no_ui", **seen))
    with suppress(KeyboardInterrupt):
        signal.pause()
