"""``taizhang plugins contract-test``: hold plugins to their contract, and deliver for real."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.show import echo, listed
from engine.cli.words import Words
from engine.host.manifest import MANIFEST, read
from engine.ledger.sql import open_ledger
from engine.scenario.offscript import OffScriptError
from engine.testing.contract import breaches
from engine.testing.effects import effects
from engine.testing.lived import lived

SCENARIOS = ("nanzhang", "shiyan")
COLUMNS = ("plugin", "kept", "events", "kills", "wrong")
FolderArgument = Annotated[
    Path, typer.Argument(help="插件文件夹 | a plugin folder", show_default=False)
]
AllOption = Annotated[bool, typer.Option("--all", help="所有插件 | every plugin there is")]
DuplicateOption = Annotated[
    int, typer.Option("--duplicate", min=1, max=50, help="每个事件送几遍 | times an event")
]
PlayOption = Annotated[
    list[str] | None, typer.Option("--scenario", help="演哪些剧本 | whose events to deliver")
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the command to the group ``plugins``."""

    @app.command("contract-test")
    def contract_test(
        folder: FolderArgument = Path(), all_: AllOption = False,
        duplicate: DuplicateOption = 3, scenario: PlayOption = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """守约检查,事件重复送达 | Hold plugins to their contract; deliver events again."""
        with answered(lang) as words, TemporaryDirectory() as place:
            asked = _every(parts) if all_ else [_one(folder)]
            ledger = _played(parts, Path(place), scenario or SCENARIOS)
            rows = [
                _held(each, ledger, Path(place) / each.name, duplicate, words) for each in asked
            ]
            listed(output, words, words.say("title.contracts"), COLUMNS, rows, key="plugin")
            if broken := sum(not row["kept"] for row in rows):
                leave([words.say("done.contracts_broken", count=broken)], REFUSED)


def _one(folder: Path) -> Path:
    if not (folder / MANIFEST).is_file():
        raise Stopped(f"{folder} 里没有 {MANIFEST} | there is no {MANIFEST} in {folder}")
    return folder.resolve()


def _every(parts: Parts) -> list[Path]:
    return [Path(row.folder) for row in parts.plugins() if row.folder]


def _played(parts: Parts, place: Path, scenarios: Sequence[str]) -> Path:
    """Return a ledger with the events of ``scenarios``."""
    file = place / "ledger.db"
    ledger = open_ledger(f"sqlite:///{file}")
    try:
        lived(scenarios, lambda opening: parts.composer(opening).plan(), ledger)
    except OffScriptError as error:
        raise Stopped(str(error)) from None
    finally:
        ledger.engine.dispose()
    return file


def _held(folder: Path, ledger: Path, place: Path, times: int, words: Words) -> dict[str, Any]:
    wrong = breaches(folder)
    told = effects(folder, ledger, place, times=times)
    wrong = (*wrong, *told.wrong)
    echo(words.say("done.contract_tried", plugin=read(folder).id), err=True)
    return {
        "plugin": read(folder).id, "kept": not wrong, "events": told.events,
        "kills": told.kills, "wrong": "; ".join(wrong),
    }  # fmt: skip
