"""``taizhang ledger``: the three lists, the account, the statistics, the look-backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.cycles import found
from engine.cli.entering import COUNTS, look, one_denial, oneself
from engine.cli.exports import ExportBy, save, unsealed
from engine.cli.figures import figures
from engine.cli.moments import AsOfOption, moment_of, stood
from engine.cli.options import CycleArgument, LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts
from engine.cli.printed import Section, on_screen
from engine.cli.show import as_json, console, echo, listed, local
from engine.cli.words import Words
from engine.reading.exports import Mark, marked_json
from engine.record import Record
from engine.vault.port import KeyDestroyedError
from engine.views.account import Account, account_of
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import Stated
from engine.views.statistics import statistics

COLUMNS: dict[str, tuple[str, ...]] = {
    "issues": ("issue", "content", "category", "sources", "severity", "subject_kind",
        "claimant", "status"),
    "measures": ("issue", "measure", "content", "standard", "track", "start", "due", "until",
        "percent"),
    "duties": ("issue", "owner", "verifiers", "approvers", "superior"),
}  # fmt: skip
PAGES: dict[str, tuple[str, ...]] = {
    "account": ("issue", "category", "severity", "subject_kind", "sources", "owner", "work",
        "standing", "light", "days_left", "disposition"),
    "four": ("issue", "registered", "reported", "late", "checked", "cleared", "closed_on",
        "round", "successor"),
    "deadlines": ("issue", "track", "original_due", "current_due", "extensions", "days_left"),
    "public": ("issue", "mass_method", "sample", "satisfied", "mass_rate", "notice_from",
        "notice_to", "objection"),
}  # fmt: skip
"""The account is wider than a screen: the same issues in the same order, four times."""

DRAWS = ("position", "seed", "events_before", "population", "key", "sampled", "again", "holds")
SEALED = ("content", "standard")
WORDED = ("severity", "subject_kind", "track", "light", "standing", "disposition",
    "mass_method")  # fmt: skip

ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", help="以此人名义读取正文 | read the texts as this person"),
]
PurposeOption = Annotated[str, typer.Option("--purpose", help="读取目的 | why they are read")]
SaveOption = Annotated[
    Path | None, typer.Option("--save", help="存为 JSON,不含正文 | save as JSON, no texts")
]
Reading = Callable[[str], str]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands that read the ledger."""
    _lists(app, parts)
    _figures(app, parts)


def _lists(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def lists(
        cycle: CycleArgument, as_of: AsOfOption = None, reader: ReaderOption = None,
        purpose: PurposeOption = "rectify", file: SaveOption = None, by: ExportBy = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """三张清单 | Show the three lists; texts only to a reader, who is recorded."""
        with answered(lang) as words:
            unsealed(reader, leaves=file is not None)
            three = lists_of(stood(parts, cycle, moment_of(as_of)))
            if file:

                def render(mark: Mark) -> Iterator[str]:
                    return marked_json(mark, "lists", three)

                save(parts, file, render, form="lists", by=by, cycle=cycle)
                return echo(words.say("done.saved", file=file))
            if output == "json":
                return as_json(three.model_dump(mode="json"))
            if output == "ids":
                return echo("\n".join(str(row.issue) for row in three.issues))
            reading = opener(words, parts, reader, purpose) if reader else None
            return show_lists(words, three, reading)

    @app.command()
    def account(
        cycle: CycleArgument, as_of: AsOfOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """四账 | Show the account: one row an issue, from registered to cleared."""
        with answered(lang) as words:
            whole = account_of(stood(parts, cycle, moment_of(as_of)))
            if output == "json":
                return as_json(whole.model_dump(mode="json"))
            if output == "ids":
                return echo("\n".join(str(row.issue) for row in whole.rows))
            on_screen(words, _pages(words, whole))
            return say_position(words, whole)


def _figures(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def stats(
        cycle: CycleArgument, as_of: AsOfOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """统计 | Show the statistics, each with its definition and its parts."""
        with answered(lang) as words:
            found_ = statistics(stood(parts, cycle, moment_of(as_of), COUNTS))
            if output == "json":
                return as_json(found_.model_dump(mode="json"))
            if output == "ids":
                return echo("\n".join((*found_.rates, *found_.tally.counts)))
            on_screen(words, figures(words, found_.tally, found_.rates))
            return say_position(words, found_)

    @app.command()
    def lookback(
        cycle: CycleArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """回头看抽样复核 | Draw every look-back again and say whether it is the same."""
        with answered(lang) as words:
            look(parts, cycle)
            found(parts, cycle)
            draws = parts.readings().draws(cycle)
            rows = [{**draw.model_dump(mode="json"), "holds": draw.holds} for draw in draws]
            listed(output, words, words.say("title.draws"), DRAWS, rows, key="position")
            if output == "table":
                console().print(words.say("done.seed", cycle=cycle), style="dim")
            if wrong := [draw.position for draw in draws if not draw.holds]:
                leave([words.say("done.redrawn", positions=wrong)], REFUSED)


def opener(
    words: Words, parts: Parts, reader: str, purpose: str, act: str | None = None
) -> Reading:
    """Return a function that opens sealed content for ``reader``, who may and is recorded.

    Raises:
        Refused: somebody else reads, see ``oneself``; so does the function, see
            ``one_denial``.
    """
    oneself(parts, reader, "read")
    door = parts.reading().door

    def opened(content: str) -> str:
        try:
            with one_denial(parts):
                return door.read(content, reader=reader, purpose=purpose, act=act)
        except KeyDestroyedError:
            return words.say("done.destroyed")

    return opened


def show_lists(words: Words, three: ThreeLists, reading: Reading | None) -> None:
    """Print the three lists; sealed texts are shown as such without ``reading``."""
    on_screen(words, list_sections(words, three, reading))
    say_position(words, three)


def say_position(words: Words, report: Stated) -> None:
    """Print after which event, when it happened, and on which day the report stands."""
    said = words.say(
        "done.stands", position=report.position, at=local(report.at),
        day=report.day,
    )  # fmt: skip
    console().print(said, style="dim")


def list_sections(
    words: Words, three: ThreeLists, reading: Reading | None
) -> Iterator[Section]:
    """Yield the three lists as sections, in their order."""
    for name, columns in COLUMNS.items():
        rows = [row_of(words, row, reading) for row in getattr(three, name)]
        yield Section(title=words.say(f"title.{name}"), columns=columns, rows=rows)


def _pages(words: Words, whole: Account) -> Iterator[Section]:
    rows = [
        {
            **row_of(words, row, None),
            "work": f"{row.measures_verified}/{row.measures_done}/{row.measures}",
        }
        for row in whole.rows
    ]
    for name, columns in PAGES.items():
        yield Section(title=words.say(f"title.{name}"), columns=columns, rows=rows)


def row_of(words: Words, row: Record, reading: Reading | None) -> dict[str, Any]:
    """Return a row with words for its values; texts are opened by ``reading`` or sealed."""
    shown = row.model_dump(mode="json")
    for name in SEALED:
        if name in shown:
            shown[name] = reading(shown[name]) if reading else words.say("done.sealed")
    for name in WORDED:
        if shown.get(name):
            shown[name] = words.of(name, shown[name])
    if "status" in shown:
        shown["status"] = words.of("issue_status", shown["status"])
    if "sources" in shown:
        shown["sources"] = [words.of("source", source) for source in shown["sources"]]
    return shown
