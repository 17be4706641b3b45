"""``taizhang plugins new`` and ``test``: what the author of a plugin begins and ends with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.answers import answered, leave
from engine.cli.options import LangOption
from engine.cli.parts import REFUSED, USAGE, Parts, Stopped
from engine.cli.show import echo
from engine.cli.words import Words
from engine.host.manifest import MANIFEST, read
from engine.testing.scaffold import STEP, NotWrittenError, scaffold
from engine.testing.suite import Verdict, pytest_is_there, verdict

NameArgument = Annotated[str, typer.Argument(help="插件标识 | the plugin's id")]
PlaceOption = Annotated[
    Path, typer.Option("--output", "-o", help="写在哪个文件夹里 | the folder to write it in")
]
StepOption = Annotated[str, typer.Option("--step", help="步骤名 | the name of its step")]
TitleOption = Annotated[str, typer.Option("--title", help="中文标题 | title in Chinese")]
EnglishOption = Annotated[str, typer.Option("--title-en", help="英文标题 | title in English")]
FolderArgument = Annotated[
    Path, typer.Argument(help="插件文件夹 | a plugin folder", show_default=False)
]
AllOption = Annotated[bool, typer.Option("--all", help="所有插件 | every plugin there is")]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands for authors to the group ``plugins``."""

    @app.command()
    def new(
        name: NameArgument, place: PlaceOption = Path(), step: StepOption = STEP,
        title: TitleOption = "", title_en: EnglishOption = "", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """新建一个插件 | Write a plugin folder that passes its own tests."""
        with answered(lang) as words:
            taken = [row.id for row in parts.plugins()]
            try:
                written = scaffold(
                    name, place, step=step, title_zh=title, title_en=title_en, taken=taken
                )
            except NotWrittenError as refused:
                raise Stopped(*refused.reasons) from refused
            folder = written[0].parent
            echo(words.say("done.plugin_written", folder=folder, count=len(written)))

    @app.command()
    def test(
        folder: FolderArgument = Path(), all_: AllOption = False, lang: LangOption = "zh"
    ) -> None:
        """运行插件自己的测试 | Run a plugin's own tests and say the verdict."""
        with answered(lang) as words:
            if not pytest_is_there():
                raise Stopped("请先安装 pytest | install pytest first", code=USAGE)
            asked = _every(parts) if all_ else [_one(folder)]
            failed = [told for told in _told(words, asked) if not told.passed]
            if failed:
                leave([words.say("done.suites_failed", count=len(failed))], REFUSED)


def _one(folder: Path) -> tuple[str, Path]:
    if not (folder / MANIFEST).is_file():
        raise Stopped(f"{folder} 里没有 {MANIFEST} | there is no {MANIFEST} in {folder}")
    return read(folder.resolve()).id, folder


def _every(parts: Parts) -> list[tuple[str, Path]]:
    return [(row.id, Path(row.folder)) for row in parts.plugins() if row.folder]


def _told(words: Words, asked: list[tuple[str, Path]]) -> Iterator[Verdict]:
    """Run each suite, and say at once how it ended."""
    for plugin, folder in asked:
        told = verdict(plugin, folder)
        if told.passed:
            last = told.said.rpartition("\n")[2].strip("= ")
            echo(words.say("done.suite_passed", plugin=plugin, said=last))
        else:
            echo(words.half(told.said), err=True)
            echo(words.say("done.suite_failed", plugin=plugin, took_s=told.took_s))
        yield told
