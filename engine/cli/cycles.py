"""``taizhang cycle``: open, list, show, history, do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from engine.cli.answers import answered
from engine.cli.entering import COUNTS, RUNS, look, visible
from engine.cli.options import (
    ByOption,
    CycleArgument,
    FileOption,
    IdOption,
    JsonOption,
    KindArgument,
    LangOption,
    Output,
    OutputOption,
)
from engine.cli.parts import Parts, Stopped
from engine.cli.sending import body_of, send
from engine.cli.show import as_json, console, echo, listed, table
from engine.cli.standing import of_cycle
from engine.cli.words import Words
from engine.cycle.commands import OpenCycle
from engine.cycle.guests import invited
from engine.cycle.shield import carried, takes_shields
from engine.cycle.state import Cycle
from engine.cycle.waiting import waits_for
from engine.gateway import CycleExists, Receipt
from engine.misshapen import lines
from engine.people.door import Denied
from engine.people.refusals import NobodyFromOutside
from engine.policy.calendar import local_day
from engine.policy.pack import PackError, pack_for
from engine.policy.roles import ANY_MEMBER, REVIEWERS
from engine.refusal import Refused, refuse
from engine.scenario.load import find, load

EVENT_COLUMNS = ("position", "version", "at", "event", "by", "command")


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about cycles."""
    app = typer.Typer(help="周期 | cycles", no_args_is_help=True)
    _acting(app, parts)
    _reading(app, parts)
    return app


def _acting(app: typer.Typer, parts: Parts) -> None:
    @app.command("open")
    def open_(
        file: Annotated[
            Path, typer.Argument(help="JSON、YAML 剧本或剧本名 | JSON or scenario")
        ],
        lang: LangOption = "zh",
    ) -> None:
        """开启周期 | Open a cycle from JSON, or those of a scenario."""
        with answered(lang) as words:
            for opening in openings(file):
                asyncio.run(_open(parts, opening))
                echo(words.say("done.opened", cycle=opening.cycle))

    @app.command()
    def do(
        cycle: CycleArgument, kind: KindArgument, by: ByOption, written: JsonOption = None,
        file: FileOption = None, command_id: IdOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """办理一件事 | Hand a command to a cycle."""
        body = {**body_of(written, file), "by": by}
        with answered(lang) as words:
            show_receipt(words, send(parts, cycle, kind, body, command_id=command_id), output)


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """列出周期 | List the cycles."""
        with answered(lang) as words:
            seen = visible(parts, (*COUNTS, *RUNS))
            cycles = parts.readings().cycles()
            rows = [row.model_dump(mode="json") for row in cycles if seen(row.unit)]
            if output == "table":
                rows = [{**r, "status": words.of("status", r["status"])} for r in rows]
            columns = ("cycle", "unit", "status", "issues", "closed")
            listed(output, words, words.say("title.cycles"), columns, rows, key="cycle")

    @app.command()
    def show(
        cycle: CycleArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个周期的现状 | Show how a cycle stands and what it waits for."""
        with answered(lang) as words:
            look(parts, cycle, RUNS)
            show_cycle(words, found(parts, cycle), output)

    @app.command()
    def history(
        cycle: CycleArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个周期的经过 | Show what happened in a cycle, oldest first."""
        with answered(lang) as words:
            look(parts, cycle, RUNS)
            show_history(parts, words, cycle, f"cycle/{cycle}", output)


async def _open(parts: Parts, opening: OpenCycle) -> None:
    """Open it; the server forgets an ended cycle in time, and the ledger never does."""
    if door := parts.door():
        credential = parts.settings.credential
        door.enter(credential, opening.kind, opening.unit, by=opening.by)
        refuse((*door.unplaced(opening.unit, opening.people), *_without_outsider(opening)))
    if taken := parts.ledger().read(stream=f"cycle/{opening.cycle}", limit=1):
        if not visible(parts, RUNS)(taken[0].event.data["unit"]):
            raise Denied  # which cycles others have is none of the opener's
        raise CycleExists(opening.cycle)
    async with parts.gateway() as gateway:
        await gateway.open(shielded(parts, opening))


def _without_outsider(opening: OpenCycle) -> Iterator[Refused]:
    outside = (p for p in opening.people if p.holds(REVIEWERS) and not p.holds(ANY_MEMBER))
    if opening.policy.rights is not None and not any(outside):
        yield NobodyFromOutside(opening.unit)


def shielded(parts: Parts, opening: OpenCycle) -> OpenCycle:
    """Return ``opening`` with the shields that the unit's earlier cycles leave to it.

    Whatever the opening says of them; the worker takes none that leaves one out.
    """
    if not takes_shields(opening):
        return opening
    shields = carried(parts.readings().of_unit(opening.unit), local_day(parts.clock()))
    return opening.model_copy(update={"shields": shields or None})


def openings(file: Path) -> list[OpenCycle]:
    """Return the opening in a JSON file (``policy`` may be a pack's name) or a scenario's."""
    if file.suffix != ".json" and str(file) != "-":
        scenario = load(find(str(file)))
        return [scenario.opening(unit) for unit in scenario.units]
    body: dict[str, Any] = body_of(None, file)
    try:
        if isinstance(body.get("policy", "default"), str):
            opened = datetime.now(UTC)  # noqa: TID251  a person opens it, here and now
            body["policy"] = pack_for(body.get("policy", "default"), local_day(opened))
        return [OpenCycle.model_validate(body)]
    except PackError as wrong:
        raise Stopped(*wrong.problems) from None
    except ValidationError as wrong:
        raise Stopped(*lines(wrong)) from None


def found(parts: Parts, name: str) -> Cycle:
    """Return the cycle as the ledger has it.

    Raises:
        Stopped: the ledger knows none of that name.
    """
    cycle = parts.readings().cycle(name)
    if cycle is None:
        raise Stopped(f"台账中没有周期 {name} | the ledger has no cycle {name}")
    return cycle


def show_cycle(words: Words, cycle: Cycle, output: Output) -> None:
    """Print a cycle: state, what it waits for, and the meeting's numbers."""
    if output == "json":
        return as_json(of_cycle(cycle))
    if output == "ids":
        return echo(cycle.id)
    rows = [
        {"what": words.of("column", key), "value": value} for key, value in _facts(words, cycle)
    ]
    console().print(table(words, cycle.id, ("what", "value"), rows))
    return None


def _facts(words: Words, cycle: Cycle) -> list[tuple[str, Any]]:
    closed = sum(issue.status == "closed" for issue in cycle.issues)
    facts: list[tuple[str, Any]] = [
        ("unit", cycle.unit),
        ("status", words.of("status", cycle.status)),
        ("meeting_on", cycle.meeting_on),
        ("waits", "; ".join(map(words.half, waits_for(cycle).split("\n\n")[1:]))),
        ("issues", f"{closed} / {len(cycle.issues)}"),
    ]
    if cycle.plan:
        spoke = sum(bool(guest.spoke_in) for guest in cycle.guests.values())
        facts.append(("spoke", f"{spoke} / {len(invited(cycle))}"))
    for meeting in cycle.meetings:
        facts.append(("present", f"{len(meeting.present)} / {len(meeting.due)}"))
    return facts


def show_history(parts: Parts, words: Words, cycle: str, stream: str, output: Output) -> None:
    """Print the events of ``stream``, named in the reader's language.

    Raises:
        Stopped: the ledger has no such stream.
    """
    rows = parts.readings().history(stream)
    if not rows:
        raise Stopped(f"台账中没有 {stream} | the ledger has no {stream}")
    if output == "table":
        rows = [{**r, "event": words.of("event", r["kind"])} for r in rows]
    listed(
        output,
        words,
        words.say("title.history", of=stream),
        EVENT_COLUMNS,
        rows,
        key="position",
    )


def show_receipt(words: Words, receipt: Receipt, output: Output) -> None:
    """Print what a command caused."""
    if output == "json":
        as_json(receipt.model_dump(mode="json"))
    elif output == "ids":
        echo(receipt.command)
    else:
        events = ", ".join(words.of("event", kind) for kind in receipt.events)
        echo(words.say("done.recorded", events=events, command=receipt.command))
