"""``taizhang guests``: links for representatives, and what such a link opens."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.cycles import found
from engine.cli.entering import act_in
from engine.cli.options import ByOption, CycleArgument, LangOption, OutputOption
from engine.cli.parts import Parts
from engine.cli.show import as_json, echo, listed
from engine.cli.words import Words
from engine.guests.links import Opened

AGENDA = ("item", "stands")
PURPOSE = "reply"

GuestArgument = Annotated[str, typer.Argument(help="代表编号 | guest id")]
LinkArgument = Annotated[str, typer.Argument(help="链接 | the link")]
DeviceOption = Annotated[
    str | None, typer.Option("--device", help="本机凭据 | this device's secret")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about guests."""
    app = typer.Typer(help="服务对象代表 | representatives", no_args_is_help=True)

    @app.command()
    def link(
        cycle: CycleArgument, guest: GuestArgument, by: ByOption, lang: LangOption = "zh"
    ) -> None:
        """发放或重发代表链接,先前的作废 | Give out a link; older ones open nothing."""
        with answered(lang) as words:
            act_in(parts, "link_guest", cycle, by=by)
            made = parts.guests().issue(found(parts, cycle), guest, by=by)
            echo(words.say("guests.link", guest=guest, link=made))

    @app.command("open")
    def open_(
        link: LinkArgument, device: DeviceOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """打开代表链接 | Open a link: agenda, own place, own speech, nothing else."""
        with answered(lang) as words:
            opened = parts.guests().open(link, device=device)
            speech = opened.view.speech
            own = None
            if speech:
                door = parts.reading().door
                own = door.read(speech, reader=opened.guest, purpose=PURPOSE)
            if output == "json":
                view = opened.view.model_dump(mode="json", exclude={"speech"})
                return as_json({**view, "device": opened.device, "speech": own})
            return _show(words, opened, own)

    return app


def _show(words: Words, opened: Opened, own: str | None) -> None:
    rows = [
        {"item": item.zh if words.lang == "zh" else item.en,
            "stands": words.of("item_stands", item.stands)}
        for item in opened.view.agenda
    ]  # fmt: skip
    listed("table", words, words.say("title.agenda"), AGENDA, rows, key="item")
    for place in opened.view.places:
        key = "guests.spoke" if place.spoke else "guests.place"
        echo(words.say(key, **place.model_dump()))
    if own is not None:
        echo(words.say("guests.speech", text=own))
    echo(words.say("guests.device", device=opened.device))
    echo(words.say("guests.notice"))
