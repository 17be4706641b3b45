"""``taizhang opinions``: read originals, code them, settle problems, answer the channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from engine.cli import raising
from engine.cli.accounts import PurposeOption, ReaderOption, opener
from engine.cli.answers import answered
from engine.cli.collecting import (
    EXPLAINERS,
    BatchArgument,
    allowed,
    answer_for,
    batch_for,
    cycle_of,
)
from engine.cli.entering import look
from engine.cli.options import ByOption, CycleArgument, LangOption, OutputOption
from engine.cli.parts import Parts
from engine.cli.raising import ProblemArgument
from engine.cli.show import echo, listed
from engine.cli.words import Words
from engine.opinions.batch import Channel
from engine.opinions.concerned import Seen, replies as replies_to, seen

ORIGINALS = ("answer", "day", "standing", "content")
PROBLEMS = ("problem", "aspect", "heading", "channels", "state", "issue", "reply",
    "overruled")  # fmt: skip

TextOption = Annotated[str, typer.Option("--text", help="换一种说法 | said in other words")]
ReplyOption = Annotated[str, typer.Option("--text", help="答复 | the reply to the channels")]
AspectOption = Annotated[str, typer.Option("--aspect", help="方面 | aspect")]
IntoOption = Annotated[
    str | None, typer.Option("--problem", help="归入已有问题 | add to this problem")
]
NoNameOption = Annotated[
    list[str] | None,
    typer.Option("--no-name", help="这个词不是人名,可重复,计数 | no name; repeatable; counted"),
]
CoderOption = Annotated[
    str | None, typer.Option("--by", help="意见汇总人,看整理中的 | collector, while coding")
]
AnswerArgument = Annotated[str, typer.Argument(help="意见表编号 | answer id")]
ChannelOption = Annotated[Channel, typer.Option("--channel", help="渠道 | channel")]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands of coding."""
    _answers(app, parts)
    _problems(app, parts)
    raising.register(app, parts)
    _seen(app, parts)


def _answers(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def read(
        batch: BatchArgument, by: ByOption, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """意见汇总人看原文,次序已打乱,查看有记录 | Read originals, shuffled; on record."""
        with answered(lang) as words:
            batch_for(parts, batch, by)
            room = parts.opinions()
            rows = [
                {"answer": answer.id, "day": answer.day, "standing": answer.standing,
                    "content": text}
                for answer, text in room.coding.originals(batch, reader=by)
            ]  # fmt: skip
            if output == "table":
                for row in rows:
                    row["standing"] = words.of("answer_standing", str(row["standing"]))
            listed(output, words, words.say("title.originals"), ORIGINALS, rows, key="answer")

    @app.command()
    def code(
        answer: AnswerArgument, by: ByOption, aspect: AspectOption, text: TextOption,
        problem: IntoOption = None, no_name: NoNameOption = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """整理一条意见:换一种说法,归入问题 | Code one opinion in other words."""
        with answered(lang) as words:
            room = parts.opinions()
            answer_for(parts, answer, by)
            into = room.coding.code(
                answer, text, by=by, aspect=aspect, problem=problem, no_names=no_name or ()
            )
            echo(words.say("opinions.coded", problem=into))

    @app.command()
    def spoil(answer: AnswerArgument, by: ByOption, lang: LangOption = "zh") -> None:
        """作废一份意见表 | Set a form aside that cannot be counted."""
        with answered(lang) as words:
            room = parts.opinions()
            answer_for(parts, answer, by)
            room.coding.spoil(answer)
            echo(words.say("opinions.spoiled", answer=answer))


def _problems(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def merge(
        problem: ProblemArgument, into: Annotated[str, typer.Argument(help="并入 | into")],
        by: ByOption, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """并案,来源都保留 | Merge a problem into another; every source is kept."""
        with answered(lang) as words:
            room = parts.opinions()
            allowed(parts, cycle_of(parts, problem), by)
            room.coding.merge(problem, into)
            echo(words.say("opinions.merged", problem=problem, into=into))

    @app.command()
    def explain(
        problem: ProblemArgument, by: ByOption, text: ReplyOption,
        no_name: NoNameOption = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """说明,并答复来源渠道 | Explain a problem; its channels are told."""
        with answered(lang) as words:
            room = parts.opinions()
            allowed(parts, cycle_of(parts, problem), by, EXPLAINERS)
            room.coding.explain(problem, text, by=by, no_names=no_name or ())
            echo(words.say("opinions.settled", problem=problem))

    @app.command("out-of-remit")
    def out_of_remit(
        problem: ProblemArgument, by: ByOption, text: ReplyOption,
        no_name: NoNameOption = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """不属本单位,并答复来源渠道 | Say whose a problem is; its channels are told."""
        with answered(lang) as words:
            room = parts.opinions()
            allowed(parts, cycle_of(parts, problem), by)
            room.coding.rule_out(problem, text, by=by, no_names=no_name or ())
            echo(words.say("opinions.settled", problem=problem))


def _seen(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def problems(
        cycle: CycleArgument, by: CoderOption = None, reader: ReaderOption = None,
        purpose: PurposeOption = "rectify", output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """结账后的问题一览;汇总人随时可看 | List problems, once a batch is closed."""
        with answered(lang) as words:
            look(parts, cycle, ("read_lists", "read_opinion"))
            if by is not None:
                allowed(parts, cycle, by)
            codings = parts.opinions().codings
            told = codings.told(cycle) if by is None else None
            found = seen(codings.problems(cycle, closed=by is None), told)
            reading = texts(words, parts, reader, purpose, "read_issue")
            _show(words, "title.opinion_problems", found, reading, output)

    @app.command()
    def replies(
        cycle: CycleArgument, channel: ChannelOption, reader: ReaderOption = None,
        purpose: PurposeOption = "reply", output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """给一个渠道的答复 | What a channel is told about what came through it."""
        with answered(lang) as words:
            look(parts, cycle, ("read_notice",))
            codings = parts.opinions().codings
            closed = codings.problems(cycle, closed=True)
            found = replies_to(closed, channel, codings.told(cycle))
            reading = texts(words, parts, reader, purpose, "read_notice")
            _show(words, "title.replies", found, reading, output)


def texts(
    words: Words, parts: Parts, reader: str | None, purpose: str, act: str
) -> Callable[[str], str] | None:
    """Return how ``reader`` reads the texts of opinions, or None without a reader."""
    return opener(words, parts, reader, purpose, act) if reader else None


def _show(
    words: Words, title: str, found: Iterable[Seen], reading: Callable[[str], str] | None,
    output: OutputOption,
) -> None:  # fmt: skip
    rows = [problem.model_dump(mode="json") for problem in found]
    for row in rows:
        for name in ("heading", "reply"):
            row[name] = _text(words, row[name], reading)
        if output == "table":
            row["channels"] = [words.of("channel", channel) for channel in row["channels"]]
            row["state"] = words.of("problem_state", row["state"])
    listed(output, words, words.say(title), PROBLEMS, rows, key="problem")


def _text(words: Words, content: Any, reading: Callable[[str], str] | None) -> str | None:
    if content is None:
        return None
    return reading(content) if reading else words.say("done.sealed")
