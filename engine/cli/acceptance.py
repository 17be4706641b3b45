"""``taizhang plugins accept``: run everything the plugin system promises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.options import LangOption
from engine.cli.parts import REFUSED, USAGE, Stopped
from engine.cli.show import as_json, echo
from engine.cli.words import Words
from engine.testing.acceptance import CriteriaError, Criterion, Judged, criteria, judged

RootArgument = Annotated[
    Path, typer.Argument(help="源码所在文件夹 | the folder of the sources", exists=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON | print JSON")]
OnlyOption = Annotated[
    list[int] | None, typer.Option("--only", help="只查这几条 | these numbers alone")
]


def register(app: typer.Typer) -> None:
    """Add the command to the group ``plugins``."""

    @app.command()
    def accept(
        root: RootArgument = Path(), only: OnlyOption = None, json_: JsonOption = False,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """逐条验收插件系统 | Run each criterion the plugin system is accepted by."""
        with answered(lang) as words:
            rows = [_told(words, one, quiet=json_) for one in judged(root, _asked(root, only))]
            passed = sum(row.passed for row in rows)
            if json_:
                as_json(_report(rows, passed))
            else:
                echo(words.say("done.accepted", passed=passed, of=len(rows)))
            if passed < len(rows):
                leave([], REFUSED)


def _asked(root: Path, only: list[int] | None) -> list[Criterion]:
    try:
        known = criteria(root)
    except CriteriaError as error:
        raise Stopped(
            f"在源码文件夹里运行:{error} | run it in a checkout of the sources: {error}",
            code=USAGE,
        ) from None
    asked = [one for one in known if only is None or one.number in only]
    if not asked:
        raise Stopped(f"只有 1-{len(known)} 条 | there are 1 to {len(known)}", code=USAGE)
    return asked


def _told(words: Words, row: Judged, *, quiet: bool) -> Judged:
    """Say how a criterion stands as soon as it is known."""
    mark = "✓" if row.passed else "✗"
    title = row.zh if words.lang == "zh" else row.en
    line = f"{mark} {row.number:>2}  {title}  ({row.took_s} s)"
    echo("\n".join((line, *(f"      {wrong}" for wrong in row.wrong))), err=quiet)
    return row


def _report(rows: list[Judged], passed: int) -> dict[str, Any]:
    shown = [row.model_dump(mode="json") for row in rows]
    return {"passed": passed, "of": len(rows), "criteria": shown}
