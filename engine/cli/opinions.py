"""``taizhang opinions``: forms and links out, answers in, counts and results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli import coding
from engine.cli.answers import answered
from engine.cli.collecting import (
    STDIN,
    BatchArgument,
    allowed,
    batch_for,
    issues_in,
    kept_days,
    looked_at,
    named,
    text_in,
    visible_cycles,
)
from engine.cli.cycles import found, show_receipt
from engine.cli.options import ByOption, LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.sending import send
from engine.cli.show import as_json, echo, listed
from engine.cli.words import Words
from engine.opinions.answers.pool import Entry
from engine.opinions.batch import Batch, Body, Channel, Tally
from engine.opinions.blocks import ALL, Cell
from engine.opinions.forms import page
from engine.opinions.intake import checked_form
from engine.policy.calendar import local_day

BATCHES = ("batch", "cycle", "channel", "state", "bodies", "issued", "returned", "outstanding",
    "valid", "blank", "spoiled", "uncoded", "opinions")  # fmt: skip
KINDS = ("body_kind", "bodies", "issued")
CELLS = ("aspect", "bodies", "answers")

CycleOption = Annotated[str, typer.Option("--cycle", help="周期 | cycle id")]
ChannelOption = Annotated[Channel, typer.Option("--channel", help="渠道 | channel")]
BodyOption = Annotated[str | None, typer.Option("--body", help="单位 | respondent body")]
KindOption = Annotated[str, typer.Option("--kind", help="单位类别 | kind of body")]
CountOption = Annotated[int, typer.Option(min=0, help="份数 | forms")]
BodiesOption = Annotated[
    Path | None,
    typer.Option("--bodies", help="CSV: body,kind,links,paper;- 为标准输入 | - is stdin"),
]
ToOption = Annotated[Path, typer.Option("--to", help="印到新文件 | a new file to print")]
SiteOption = Annotated[str, typer.Option("--site", help="填写网址 | where forms are filled in")]
TextOption = Annotated[
    Path, typer.Option("--file", help="文字文件,- 为标准输入 | the text, - is stdin")
]
LinkOption = Annotated[
    str, typer.Option("--link", prompt="填写码 | code", help="填写码 | code on the form")
]
MoreOption = Annotated[bool, typer.Option("--more", help="再发一些 | in addition")]
SomeBodies = Annotated[list[str] | None, typer.Option("--body", help="只看这些 | only these")]
Without = Annotated[list[str] | None, typer.Option("--without", help="除去这些 | less these")]
KindFilter = Annotated[str | None, typer.Option("--kind", help="只看此类 | of this kind")]
AspectOption = Annotated[str, typer.Option("--aspect", help="方面 | aspect")]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about opinions."""
    app = typer.Typer(help="征求意见 | opinions before the meeting", no_args_is_help=True)
    _asking(app, parts)
    _taking(app, parts)
    _ending(app, parts)
    _looking(app, parts)
    coding.register(app, parts)
    return app


def _asking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def issue(
        batch: BatchArgument, cycle: CycleOption, by: ByOption, channel: ChannelOption = "form",
        body: BodyOption = None, kind: KindOption = "branch", links: CountOption = 0,
        paper: CountOption = 0, bodies: BodiesOption = None, more: MoreOption = False,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """开一批、发出意见表 | Open a batch and issue forms to bodies."""
        with answered(lang) as words:
            allowed(parts, cycle, by)
            named(parts, batch, cycle)
            wanted = issues_in(bodies, body, kind, links, paper)
            batches = parts.opinions().batches
            k = found(parts, cycle).pinned_policy.k_anonymity
            today = local_day(parts.clock())
            asked = batches.open(batch, cycle=cycle, channel=channel, k=k, today=today)
            if wanted:
                asked = batches.issue(batch, wanted, more=more)
            _show_kinds(words, asked)

    @app.command()
    def links(
        batch: BatchArgument, by: ByOption, to: ToOption, site: SiteOption = "",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """印发一次性填写码 | Print the one-time links, each on its form; once."""
        with answered(lang) as words:
            days = kept_days(parts, batch_for(parts, batch, by).cycle)
            count = parts.opinions().printing.links(batch, to, days=days, site=site)
            echo(words.say("opinions.printed", count=count, file=to))

    @app.command()
    def form(batch: BatchArgument, body: str, lang: LangOption = "zh") -> None:
        """打印纸质意见表 | Show the paper form of a body, with its plain notice."""
        with answered(lang) as words:
            asked = looked_at(parts, batch)
            days = kept_days(parts, asked.cycle)
            echo(page(asked, _body(words, asked, body), days=days))


def _taking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def answer(
        batch: BatchArgument, link: LinkOption, file: TextOption = STDIN,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """凭填写码提意见,不记名 | Answer with a link, without a name; text from stdin."""
        with answered(lang) as words:
            today = local_day(parts.clock())
            parts.opinions().intake.answer(batch, link, text_in(file), today=today)
            echo(words.say("opinions.thanked"))

    @app.command()
    def enter(
        batch: BatchArgument, body: Annotated[str, typer.Option("--body", help="单位 | body")],
        by: ByOption, file: TextOption = STDIN, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """录入纸质表或座谈意见 | Type in a paper form, or an opinion heard at a forum."""
        with answered(lang) as words:
            batch_for(parts, batch, by)
            room = parts.opinions()
            said = checked_form(text_in(file), parts.settings.text_limit_bytes)
            room.batches.place(batch, body)
            room.pool.enter(batch, Entry(body=body, day=local_day(parts.clock()), text=said))
            echo(words.say("opinions.entered", body=body))


def _ending(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def shut(batch: BatchArgument, by: ByOption, lang: LangOption = "zh") -> None:
        """截止收表,打乱次序 | Take no more answers; shuffle them and seal the originals."""
        with answered(lang) as words:
            batch_for(parts, batch, by)
            room = parts.opinions()
            room.shutting.shut(batch, by=by, today=local_day(parts.clock()))
            _show_tally(words, room.coding.tally(batch))

    @app.command()
    def close(
        batch: BatchArgument, by: ByOption, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """结账,把份数报给周期 | Fix the results and give the cycle the counts; nothing else."""
        with answered(lang) as words:
            asked = batch_for(parts, batch, by)
            room = parts.opinions()
            tally = room.coding.close(batch, today=local_day(parts.clock()))
            body = {"by": by, "batch": batch, "channel": asked.channel, **_counts(tally)}
            sent = send(
                parts, asked.cycle, "close_opinion_batch", body, command_id=f"opinions/{batch}"
            )
            show_receipt(words, sent, output)


def _looking(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        cycle: Annotated[str | None, typer.Argument(help="周期 | cycle id")] = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """各批次的份数 | List the batches and their counts."""
        with answered(lang) as words:
            room, seen = parts.opinions(), visible_cycles(parts)
            batches = [b for b in room.batches.all(cycle=cycle) if seen(b.cycle)]
            rows = [_row(b, room.coding.tally(b.id)) for b in batches]
            if output == "table":
                for row in rows:
                    row["state"] = words.of("opinion_state", row["state"])
                    row["channel"] = words.of("channel", row["channel"])
            title = words.say("title.batches")
            listed(output, words, title, BATCHES, rows, key="batch")

    @app.command()
    def results(
        batch: BatchArgument, body: SomeBodies = None, without: Without = None,
        kind: KindFilter = None, aspect: AspectOption = ALL, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """结果,太少的不显示 | Show results; of too few nobody sees any."""
        with answered(lang) as words:
            looked_at(parts, batch)
            shown = parts.opinions().results
            if not (body or without or kind or aspect):
                return _show_cells(words, shown.of(batch), output)
            said = shown.ask(
                batch, bodies=body or (), without=without or (), kind=kind, aspect=aspect
            )
            if output == "json":
                return as_json({"answers": said})
            return echo(words.say("opinions.answers", count=said))


def _body(words: Words, asked: Batch, name: str) -> Body:
    body = next((b for b in asked.bodies if b.body == name), None)
    if body is None:
        raise Stopped(words.say("opinions.no_body", batch=asked.id, body=name))
    return body


def _counts(tally: Tally) -> dict[str, int]:
    names = ("issued", "returned", "valid", "blank", "spoiled", "opinions")
    return {name: getattr(tally, name) for name in names}


def _row(asked: Batch, tally: Tally) -> dict[str, Any]:
    """Return a batch with its counts; while answers come in nobody sees how many did.

    Whoever looked again and again would know the minute of each answer.
    """
    counts: dict[str, Any] = tally.model_dump()
    if asked.state in ("open", "shutting"):
        counts = {**dict.fromkeys(counts), "issued": asked.issued}
    return {
        "batch": asked.id, "cycle": asked.cycle, "channel": asked.channel,
        "state": asked.state, "bodies": len(asked.bodies), **counts,
    }  # fmt: skip


def _show_kinds(words: Words, asked: Batch) -> None:
    rows = [
        {"body_kind": kind, "bodies": bodies, "issued": forms}
        for kind, (bodies, forms) in asked.by_kind().items()
    ]
    title = words.say("title.kinds", batch=asked.id, issued=asked.issued)
    listed("table", words, title, KINDS, rows, key="body_kind")


def _show_tally(words: Words, tally: Tally) -> None:
    echo(words.say("opinions.tally", **tally.model_dump()))


def _show_cells(words: Words, cells: tuple[Cell, ...], output: str) -> None:
    rows = [
        {"aspect": words.of("aspect", c.aspect) if c.aspect else "", "answers": c.answers,
            "bodies": sorted(c.bodies)}
        for c in cells
    ]  # fmt: skip
    if output == "json":
        return as_json(rows)
    listed("table", words, words.say("title.results"), CELLS, rows, key="aspect")
    if not rows:
        echo(words.say("opinions.too_few"))
    return None
