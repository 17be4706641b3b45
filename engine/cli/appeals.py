"""``taizhang appeal``: what waits for a reviewer, and for nobody else to see."""

from __future__ import annotations

import typer

from engine.cli.answers import answered
from engine.cli.cycles import found
from engine.cli.options import ByOption, CycleArgument, LangOption, OutputOption
from engine.cli.parts import Parts
from engine.cli.show import listed
from engine.cycle.timely import moment
from engine.policy.calendar import local_day
from engine.views.appeals import appeals

COLUMNS = ("appeal", "about", "due", "days_left", "light")


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about appeals; they are filed by ``cycle do``."""
    app = typer.Typer(help="申诉 | appeals", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """申诉 | Appeals."""

    @app.command("list")
    def list_(
        cycle: CycleArgument, by: ByOption, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """由您受理的申诉与期限 | List the appeals that are yours to take, by their days."""
        with answered(lang) as words:
            if door := parts.door():
                door.enter_cycle(parts.settings.credential, "read_appeal", cycle, by=by)
            state = found(parts, cycle)
            today = local_day(moment(state, parts.clock()))
            rows = [
                row.model_dump(mode="json")
                for row in appeals(parts.ledger(), state, reader=by, day=today)
            ]
            if output == "table":
                rows = [
                    {
                        **row,
                        "about": words.of("appeal_about", row["about"]),
                        "light": words.of("appeal_light", row["light"]),
                    }
                    for row in rows
                ]
            listed(output, words, words.say("title.appeals"), COLUMNS, rows, key="appeal")

    return app
