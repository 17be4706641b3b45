"""``taizhang demo``: play a scenario on a real server and tell what happened."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption
from engine.cli.parts import Parts, Running, Stopped
from engine.cli.story import Story
from engine.cli.summary import Summary, epilogue, summary_of
from engine.cli.words import Words
from engine.cycle.commands import OpenCycle
from engine.gateway import Gateway, Receipt
from engine.scenario.model import Scenario, find, load
from engine.scenario.play import Played, play

SETTLES_IN_S = 20.0
LOOK_AGAIN_S = 0.05

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
        scenario: Annotated[
            str, typer.Argument(help="剧本名或文件 | name or file")
        ] = "nanzhang",
        keep: KeepOption = False,
        summary: SummaryOption = None,
        lang: LangOption = "zh",
    ) -> None:
        """演示一个完整周期 | Play a whole cycle for real, and show what came of it."""
        with answered(lang) as words:
            script = load(find(scenario))
            typer.echo(words.say("story.starting"))
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops the stack too
            with parts.stage() as running:
                told = _played(words, running, script)
                epilogue(words, running, told, script)
                if summary:
                    told.write(summary)
                _held_to(words, script, told)
                if keep:
                    _keep(words, running)


def _played(words: Words, running: Running, script: Scenario) -> Summary:
    """Play ``script`` and return what the ledger says of it."""
    started = time.monotonic()
    acts: list[Played] = []
    script = _free(running.parts, script)
    with Story(words, script) as story:

        def told(played: Played) -> None:
            acts.append(played)
            story.tell(played)

        versions = asyncio.run(_play(running.parts, script, told))
    _settled(running.parts, versions)
    return summary_of(running.parts, script.cycle, acts, seconds=time.monotonic() - started)


async def _play(
    parts: Parts, script: Scenario, told: Callable[[Played], None]
) -> dict[str, int]:
    async with parts.gateway() as gateway:
        noting = Noting(gateway)
        await play(
            script, noting, parts.vault(), told=told,
            limit_bytes=parts.settings.text_limit_bytes,
        )  # fmt: skip
        return noting.versions


class Noting:
    """A gateway that notes how far each stream has come."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.versions: dict[str, int] = {}

    async def open(self, command: OpenCycle) -> None:
        """Open a cycle; see ``Gateway``."""
        await self._gateway.open(command)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand the command on; see ``Gateway``."""
        receipt = await self._gateway.submit(cycle, kind, body, command_id=command_id)
        self.versions |= receipt.versions
        return receipt


def _free(parts: Parts, script: Scenario) -> Scenario:
    """Return ``script`` under its own name, or with a number when that cycle is there."""
    known = {row.cycle for row in parts.readings().cycles()}
    number, name = 1, script.cycle
    while name in known:
        number += 1
        name = f"{script.cycle}-{number}"
    return Scenario.model_validate({**script.model_dump(by_alias=True), "cycle": name})


def _settled(parts: Parts, versions: dict[str, int]) -> None:
    """Return once the ledger holds every event of which a receipt spoke.

    Raises:
        Stopped: it does not within twenty seconds.
    """
    ledger = parts.ledger()
    waited = 0.0
    for stream, version in versions.items():
        while not any(
            r.event.version >= version for r in ledger.read(stream=stream, limit=10_000)
        ):
            if waited > SETTLES_IN_S:
                raise Stopped(
                    f"台账未收到 {stream}@{version} | not in the ledger: {stream}@{version}"
                )
            time.sleep(LOOK_AGAIN_S)
            waited += LOOK_AGAIN_S


def _held_to(words: Words, script: Scenario, told: Summary) -> None:
    """Raise ``Stopped`` with every expectation of the file that does not hold."""
    wrong = told.differences(script.expect)
    if wrong:
        raise Stopped(
            *(words.say("done.expected", what=w, expected=e, found=f) for w, e, f in wrong)
        )


def _keep(words: Words, running: Running) -> None:
    """Leave the stack running until the person has seen enough."""
    typer.echo(words.say("story.kept", ui=running.ui))
    with suppress(KeyboardInterrupt):
        signal.pause()
