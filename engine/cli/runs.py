"""``taizhang run``: what whoever operates the server sees of a workflow, and mends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from engine.cli.answers import answered
from engine.cli.entering import act_in, act_somewhere, everywhere, look
from engine.cli.options import ByOption, LangOption, Output, OutputOption
from engine.cli.parts import Parts
from engine.cli.show import as_json, console, echo, listed, table
from engine.cli.words import Words
from engine.gateway import CycleNotFound
from engine.people.door import Denied
from engine.people.noted import on_record
from engine.publication.screen import NAMES, found_in
from engine.refusal import refuse
from engine.runs import ReasonMissing, ReasonNotFit, Run, Runs
from engine.vault.door import is_id

SEES = ("read_run",)
COLUMNS = ("activity", "attempt", "failure", "next_try")
T = TypeVar("T")

WorkflowArgument = Annotated[
    str, typer.Argument(help="工作流 | workflow: cycle/NAME, campaign/NAME")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="理由,留在服务器上,不写人名 | why; it names nobody")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about runs; none of them shows any content."""
    app = typer.Typer(help="运行 | runs of workflows", no_args_is_help=True)
    _seeing(app, parts)
    _mending(app, parts)
    return app


def _seeing(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def show(
        workflow: WorkflowArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """最近一次运行:状态、在等的活动 | Show the newest run and what it waits for."""
        with answered(lang) as words:
            if name := _recorded(parts, workflow):
                look(parts, name, SEES)
            else:
                everywhere(parts, SEES)
            _shown(words, _with(parts, lambda runs: runs.show(workflow)), output)


def _mending(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def retry(
        workflow: WorkflowArgument, by: ByOption, reason: ReasonOption, lang: LangOption = "zh"
    ) -> None:
        """立即重试,或接续被终止的运行 | Try again now; let an ended run go on."""
        with answered(lang) as words:
            _let_in(parts, "retry_run", workflow, by, reason)
            done = _with(parts, lambda runs: runs.retry(workflow, reason=reason))
            said = "run_goes_on" if done.run else "run_retried"
            activities = ", ".join(done.activities)
            echo(words.say(f"done.{said}", run=done.run, activities=activities))

    @app.command()
    def terminate(
        workflow: WorkflowArgument, by: ByOption, reason: ReasonOption, lang: LangOption = "zh"
    ) -> None:
        """终止运行,之后可用 retry 接续 | End a run; ``retry`` lets it go on."""
        with answered(lang) as words:
            _let_in(parts, "terminate_run", workflow, by, reason)
            _with(parts, lambda runs: runs.terminate(workflow, reason=reason))
            echo(words.say("done.run_terminated", workflow=workflow))


def _let_in(parts: Parts, act: str, workflow: str, by: str, reason: str) -> None:
    """Let ``by`` do ``act`` and put it on record before it is done."""
    name = _recorded(parts, workflow)
    if name:
        act_in(parts, act, name, by=by)
    else:
        everywhere(parts, (act,))
        act_somewhere(parts, act, by=by)
    missing = () if reason.strip() else (ReasonMissing(),)
    refuse((*missing, *(ReasonNotFit(*NAMES[kind]) for kind in found_in(reason))))
    if parts.door():
        engine, said = parts.people().organisation.engine, {"workflow": workflow}
        about = name or by
        on_record(engine, parts.clock(), by=by, act=act, about=about, reason=reason, **said)


def _recorded(parts: Parts, workflow: str) -> str | None:
    """Return the cycle of ``workflow`` once the ledger knows it, and with it a unit.

    A campaign belongs to no one unit, and neither does a cycle that waits for its first
    event.

    Raises:
        CycleNotFound: it is the id of neither.
    """
    kind, _, name = workflow.partition("/")
    if kind not in ("cycle", "campaign") or not is_id(name):
        raise Denied if parts.door() else CycleNotFound(workflow)
    return name if kind == "cycle" and parts.readings().cycle(name) else None


def _with(parts: Parts, ask: Callable[[Runs], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with parts.runs() as runs:
            return await ask(runs)

    return asyncio.run(asked())


def _shown(words: Words, run: Run, output: Output) -> None:
    if output == "json":
        return as_json(run.model_dump(mode="json"))
    if output == "ids":
        return echo(run.run)
    facts = ("run", "run_status", "started", "ended", "run_events")
    values = (run.run, words.of("run_status", run.status), run.started, run.ended, run.events)
    rows = [
        {"what": words.of("column", fact), "value": value}
        for fact, value in zip(facts, values, strict=True)
    ]
    console().print(table(words, run.workflow, ("what", "value"), rows))
    waiting = [pending.model_dump(mode="json") for pending in run.pending]
    if waiting:
        listed(output, words, words.say("title.run_pending"), COLUMNS, waiting, key="activity")
    return None
