"""``taizhang ledger``: the readings of accounts.py, and verify, rebuild, export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from engine.cli import accounts
from engine.cli.answers import answered, leave
from engine.cli.entering import everywhere
from engine.cli.exports import ExportBy, save, show_exported
from engine.cli.keeping import ROOT
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts
from engine.cli.show import as_json, echo
from engine.cli.words import Words
from engine.ledger.port import Head, Verdict
from engine.reading.exports import Mark, ledger_lines

ExportArgument = Annotated[Path | None, typer.Argument(help="缺省为标准输出 | default stdout")]


ExpectOption = Annotated[
    str | None,
    typer.Option("--expect", help="先前记下的 序号:哈希 | POSITION:HASH noted earlier"),
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about the ledger."""
    app = typer.Typer(help="台账 | the ledger", no_args_is_help=True)
    accounts.register(app, parts)
    _exporting(app, parts)
    _checking(app, parts)
    return app


def _exporting(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def export(
        file: ExportArgument = None, by: ExportBy = None, lang: LangOption = "zh"
    ) -> None:
        """导出台账 | Write the ledger out as JSON lines; who and up to where comes first."""
        with answered(lang) as words:

            def render(mark: Mark) -> Iterator[str]:
                return ledger_lines(parts.ledger(), mark)

            if by != ROOT:
                everywhere(parts, ("read_ledger",))
            if file is None:
                return show_exported(parts, render, form="ledger", by=by)
            made = save(parts, file, render, form="ledger", by=by)
            return echo(words.say("done.exported", count=made.position, file=file))


def _checking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def verify(
        expect: ExpectOption = None, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """核验台账链条 | Recompute the chain from the first byte to the last."""
        noted = head_noted(expect) if expect else None
        with answered(lang) as words:
            verdict = verified(parts, noted)
            if output == "json":
                as_json(verdict.model_dump(mode="json"))
            elif verdict.ok:
                echo(chain(words, verdict.checked, verdict.head.hash))
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
            echo(words.say("done.rebuilt", position=rebuilt.position, digest=rebuilt.after))


def head_noted(written: str) -> Head:
    """Return the head somebody noted as ``POSITION:HASH``."""
    position, _, hashed = written.partition(":")
    if not (position.isdecimal() and re.fullmatch("[0-9a-f]{64}", hashed)):
        raise typer.BadParameter("POSITION:HASH, as printed by ledger verify")
    return Head(position=int(position), hash=hashed)


def verified(parts: Parts, noted: Head | None = None) -> Verdict:
    """Return the verdict; views that have read further than the ledger goes tell of a cut."""
    verdict = parts.ledger().verify(expected=noted)
    reached = parts.readings().reached()
    if verdict.ok and reached > verdict.head.position:
        cut, why = verdict.head.position + 1, f"the views have read up to {reached}"
        return verdict.model_copy(
            update={"ok": False, "first_bad": cut, "reason": f"events are gone: {why}"}
        )
    return verdict


def chain(words: Words, checked: int, head: str) -> str:
    """Return the sentence that the chain holds."""
    return words.say("done.verified", checked=checked, head=head)
