"""``taizhang exports``: which files left the house, and whether a file is one of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.entering import holder, oneself
from engine.cli.keeping import ROOT, administrator, audit
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.show import listed, passed_on
from engine.cli.words import Words
from engine.reading.exports import Export, Form, Render

COLUMNS = ("id", "at", "by", "form", "cycle", "position", "sha256")

ExportBy = Annotated[
    str | None, typer.Option("--by", help="导出人,写入文件 | who exports; it is in the file")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about exports."""
    app = typer.Typer(help="导出记录 | exports on record", no_args_is_help=True)
    _listing(app, parts)
    _checking(app, parts)
    return app


def _listing(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        subject: Annotated[
            str | None, typer.Option("--subject", help="含此人数据的 | that hold its data")
        ] = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """导出一览 | List the files that were exported."""
        with answered(lang) as words:
            audit(parts, subject)
            exports = parts.reading().exports
            found = exports.holding(subject) if subject else exports.listed()
            show(words, found, output)


def _checking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def check(
        file: Annotated[Path, typer.Argument(help="文件 | file")],
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """核对文件 | Say which export a file is; one changed byte makes it none."""
        with answered(lang) as words:
            holder(parts, "read")
            try:
                found = parts.reading().exports.of(file)
            except OSError:
                raise Stopped(f"读不到 {file} | cannot read {file}") from None
            if found is None:
                raise Stopped(f"{file} 不是导出的原件 | {file} is no export as it was made")
            show(words, (found,), output)


def show(words: Words, found: tuple[Export, ...], output: OutputOption = "table") -> None:
    """Print exports."""
    rows = [export.model_dump(mode="json") for export in found]
    if output == "table":
        rows = [{**row, "form": words.of("export_form", row["form"])} for row in rows]
    listed(output, words, words.say("title.exports"), COLUMNS, rows, key="id")


def save(
    parts: Parts, file: Path, render: Render, *, form: Form, by: str | None,
    cycle: str | None = None,
) -> Export:  # fmt: skip
    """Write a file that leaves the house, and put it on record.

    Raises:
        Refused: somebody else exports, see ``oneself``; ``root`` owns the data folder.
        Stopped: nobody is named, or the file cannot be written.
    """
    if by is None:
        raise Stopped("导出须写明 --by 何人 | say who exports: --by")
    if by == ROOT and form == "ledger" and parts.door():
        administrator(parts)
    else:
        oneself(parts, by, "read")
    try:
        exports = parts.reading().exports
        return exports.save(file, render, form=form, by=by, cycle=cycle)
    except OSError:
        raise Stopped(f"写不进 {file} | cannot write {file}") from None


def show_exported(
    parts: Parts, render: Render, *, form: Form, by: str | None, cycle: str | None = None
) -> None:
    """Print to stdout what leaves that way, to be redirected or printed; on record, too."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / form
        save(parts, file, render, form=form, by=by, cycle=cycle)
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                passed_on(line)


def unsealed(reader: str | None, *, leaves: bool) -> None:
    """Refuse to let what is sealed leave as a file.

    Raises:
        Stopped: texts were asked for in something that leaves.
    """
    if reader is not None and leaves:
        raise Stopped(
            "密封内容不可导出,请去掉 --reader,或只在屏幕上看 | "
            "what is sealed is not exported: leave --reader out, or read it on the screen"
        )
