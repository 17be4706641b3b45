"""``taizhang retention``: what is over and would be destroyed; the service does it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts
from engine.cli.show import listed

COLUMNS = ("cycle", "retention", "day", "count", "subject")

OnOption = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="某日 | on a day of each cycle's calendar"),
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about retention."""
    app = typer.Typer(help="保存期限 | how long content is kept", no_args_is_help=True)

    @app.callback()
    def _group() -> None:
        """保存期限 | How long content is kept."""

    @app.command()
    def due(
        on: OnOption = None, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """到期应销毁的内容,只看不动 | What is over; nothing is destroyed by looking."""
        with answered(lang) as words:
            found = parts.retention().due(on.date() if on else None)
            rows = [
                {
                    **d.model_dump(mode="json", exclude={"contents"}),
                    "count": len(d.contents),
                    "retention": words.of("retention", d.retention)
                    if output == "table"
                    else d.retention,
                }
                for d in found
            ]
            listed(output, words, words.say("title.retention"), COLUMNS, rows, key="cycle")

    return app
