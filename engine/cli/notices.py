"""``taizhang notices``: who was told what, and what is still to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.keeping import about
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.show import echo, listed
from engine.cli.words import Words
from engine.notices.notifier import Sent
from engine.notices.simulated import SimulatedPost

COLUMNS = ("key", "state", "letters", "attempts", "error", "next_try", "sent_at")

PersonOption = Annotated[str | None, typer.Option("--person", help="人员编号 | person id")]
DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="本地日期 | local day")
]
SimulateOption = Annotated[
    bool, typer.Option("--simulate", help="只说不发 | say it, send nothing")
]
AtOnceOption = Annotated[
    bool, typer.Option("--at-once", help="演练的不等时间 | rehearsals do not wait")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about notices."""
    app = typer.Typer(help="提醒 | notices to persons", no_args_is_help=True)
    _reading(app, parts)
    _sending(app, parts)
    return app


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        person: PersonOption = None, day: DayOption = None, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """提醒一览 | List the digests and how their delivery stands."""
        with answered(lang) as words:
            about(parts, person, ("read_run",))
            notifier = parts.notifier()
            notifier.collect()
            found = notifier.deliveries.digests(person=person, day=day.date() if day else None)
            rows = [digest.model_dump(mode="json") for digest in found]
            if output == "table":
                rows = [{**r, "state": words.of("notice_state", r["state"])} for r in rows]
            listed(output, words, words.say("title.notices"), COLUMNS, rows, key="key")


def _sending(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def send(
        simulate: SimulateOption = False, at_once: AtOnceOption = False,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """立即发送到时的提醒 | Send what is due now; otherwise the worker does."""
        with answered(lang) as words:
            if simulate:
                parts.notifier().simulate(_showing(words), at_once=at_once)
            else:
                _answer(words, parts.notifier().send(at_once=at_once))

    @app.command()
    def retry(
        key: Annotated[str, typer.Argument(help="提醒编号 | key of the digest")],
        lang: LangOption = "zh",
    ) -> None:
        """重发失败的提醒 | Let a failed digest go again."""
        with answered(lang) as words:
            if not parts.notifier().retry(key):
                raise Stopped(words.say("done.no_failed_digest", of=key))
            echo(words.say("done.digest_again", of=key))


def _showing(words: Words) -> SimulatedPost:
    def told(key: str, person: str, subject: str) -> None:
        echo(words.say("done.would_send", of=key, subject=words.half(subject)))

    return SimulatedPost(told)


def _answer(words: Words, sent: Sent) -> None:
    """Say what was sent.

    Raises:
        Stopped: another process is sending, or some could not be delivered.
    """
    if sent.busy:
        raise Stopped(words.say("done.sending_elsewhere"))
    echo(words.say("done.sent", count=len(sent.sent)))
    if sent.failed:
        raise Stopped(*(words.say("done.not_sent", of=key) for key in sent.failed))
