"""``taizhang ledger``: lists, verify, rebuild, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.cycles import found
from engine.cli.options import CycleArgument, LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts
from engine.cli.show import as_json, console, table
from engine.cli.words import Words
from engine.ledger.export import lines
from engine.record import Record
from engine.vault.port import KeyDestroyedError, Vault
from engine.views.readings import ThreeLists

COLUMNS: dict[str, tuple[str, ...]] = {
    "issues": ("issue", "content", "category", "severity", "status"),
    "measures": ("issue", "measure", "content", "standard", "due", "percent"),
    "duties": ("issue", "owner", "verifiers", "approvers"),
}
SEALED = ("content", "standard")

ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", help="以此人名义读取正文 | read the texts as this person"),
]
ExportArgument = Annotated[
    Path | None, typer.Argument(help="缺省为标准输出 | stdout by default")
]
PurposeOption = Annotated[str, typer.Option("--purpose", help="读取目的 | why they are read")]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about the ledger."""
    app = typer.Typer(help="台账 | the ledger", no_args_is_help=True)
    _reading(app, parts)
    _checking(app, parts)
    return app


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def lists(
        cycle: CycleArgument, reader: ReaderOption = None,
        purpose: PurposeOption = "ledger lists", output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """三张清单 | Show the three lists; texts only to a reader, who is recorded."""
        with answered(lang) as words:
            found(parts, cycle)
            three = parts.readings().three_lists(cycle)
            assert three is not None
            if output == "json":
                return as_json(three.model_dump(mode="json"))
            if output == "ids":
                return typer.echo("\n".join(str(row.issue) for row in three.issues))
            reading = opener(words, parts.vault(), reader, purpose) if reader else None
            return show_lists(words, three, reading)

    @app.command()
    def export(
        file: Annotated[
            Path | None, typer.Argument(help="缺省为标准输出 | default stdout")
        ] = None,
        lang: LangOption = "zh",
    ) -> None:
        """导出台账 | Write the ledger out as JSON lines."""
        with answered(lang) as words:
            if file is None:
                for line in lines(parts.ledger()):
                    typer.echo(line)
                return
            with file.open("w", encoding="utf-8") as out:
                count = sum(bool(out.write(f"{line}\n")) for line in lines(parts.ledger()))
            typer.echo(words.say("done.exported", count=count, file=file))


def _checking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def verify(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """核验台账链条 | Recompute the chain from the first byte to the last."""
        with answered(lang) as words:
            verdict = parts.ledger().verify()
            if output == "json":
                as_json(verdict.model_dump(mode="json"))
            elif verdict.ok:
                typer.echo(chain(words, verdict.checked, verdict.head.hash))
            if not verdict.ok:
                where = words.say("done.broken", at=verdict.first_bad, why=verdict.reason)
                leave([where], REFUSED)

    @app.command()
    def rebuild(lang: LangOption = "zh") -> None:
        """重建视图并比对 | Build the views again beside, compare, swap."""
        with answered(lang) as words:
            rebuilt = parts.rebuild()
            if not rebuilt.same:
                leave([words.say("done.differed", position=rebuilt.position)], REFUSED)
            typer.echo(
                words.say("done.rebuilt", position=rebuilt.position, digest=rebuilt.after)
            )


def chain(words: Words, checked: int, head: str) -> str:
    """Return the sentence that the chain holds."""
    return words.say("done.verified", checked=checked, head=head)


def opener(words: Words, vault: Vault, reader: str, purpose: str) -> Callable[[str], str]:
    """Return a function that opens sealed content for ``reader``, who is recorded."""

    def opened(content: str) -> str:
        try:
            return vault.open(content, reader=reader, purpose=purpose)
        except KeyDestroyedError:
            return words.say("done.destroyed")

    return opened


def show_lists(words: Words, three: ThreeLists, reading: Callable[[str], str] | None) -> None:
    """Print the three lists; sealed texts are shown as such without ``reading``."""
    screen = console()
    for name, columns in COLUMNS.items():
        rows = [_row(words, row, reading) for row in getattr(three, name)]
        screen.print(table(words, words.say(f"title.{name}"), columns, rows))
    screen.print(words.say("done.position", position=three.position), style="dim")


def _row(words: Words, row: Record, reading: Callable[[str], str] | None) -> dict[str, Any]:
    shown = row.model_dump(mode="json")
    for name in SEALED:
        if name in shown:
            shown[name] = reading(shown[name]) if reading else words.say("done.sealed")
    for name, group in (("status", "issue_status"), ("severity", "severity")):
        if name in shown:
            shown[name] = words.of(group, shown[name])
    return shown
