"""``taizhang vault``: read what is sealed, see who read it, break the glass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.books import head_noted
from engine.cli.entering import holder, one_denial, oneself
from engine.cli.exports import show
from engine.cli.keeping import audit
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts
from engine.cli.show import as_json, echo, listed, local
from engine.cli.words import Words
from engine.people.door import Denied
from engine.reading.anchor import anchored
from engine.reading.door import BREAK_GLASS
from engine.reading.grants import Grant
from engine.reading.refusals import GlassNeeded, MayNotAsk, NoSharedCycle, NotForReading
from engine.refusal import Refused
from engine.vault.port import Read, UnknownContentError
from engine.vault.purposes import PURPOSES

AUDIT = ("at", "reader", "outcome", "purpose", "content", "glass")
GRANTS = ("id", "state", "asker", "second", "cycle", "subject", "content", "hours", "until",
    "read")  # fmt: skip
NO_PLACE = (MayNotAsk, NoSharedCycle, NotForReading)
"""What tells whoever has no place in a file something about it."""

REASONED = (*GRANTS, "reason")

ContentArgument = Annotated[str, typer.Argument(help="引用 | a reference, sealed:...")]
AsOption = Annotated[str, typer.Option("--as", help="查阅人 | the reader")]
WhyOption = Annotated[
    str, typer.Option("--purpose", help=f"目的 | one of: {', '.join(PURPOSES)}")
]
WhoOption = Annotated[str, typer.Option("--by", help="办理人 | who acts")]
SubjectOption = Annotated[str | None, typer.Option("--subject", help="主体 | a subject's id")]
ContentOption = Annotated[str | None, typer.Option("--content", help="引用 | a reference")]
CycleOption = Annotated[
    str | None, typer.Option("--cycle", help="主体在几个周期里的,写明哪一个 | which cycle")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由,封存 | why; it is sealed")]
HoursOption = Annotated[int, typer.Option("--hours", help="时限 | how long, in hours")]
GrantArgument = Annotated[str, typer.Argument(help="申请编号 | id of the grant")]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问 | do not ask")]
ExpectOption = Annotated[
    str | None,
    typer.Option("--expect", help="先前记下的 序号:哈希 | POSITION:HASH noted earlier"),
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about what is sealed."""
    app = typer.Typer(help="保密库 | what is sealed", no_args_is_help=True)
    audit = typer.Typer(help="查阅记录 | the audit of readings", no_args_is_help=True)
    glass = typer.Typer(help="应急查阅 | break-glass", no_args_is_help=True)
    _reading(app, parts)
    _erasing(app, parts)
    _auditing(audit, parts)
    _asking(glass, parts)
    _agreeing(glass, parts)
    app.add_typer(audit, name="audit")
    app.add_typer(glass, name="glass")
    return app


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def read(
        content: ContentArgument, reader: AsOption, purpose: WhyOption, lang: LangOption = "zh"
    ) -> None:
        """查阅一项内容 | Read one text; the reading is on record first."""
        with answered(lang):
            oneself(parts, reader, "read")
            with _denied(parts, reader, purpose):
                text = parts.reading().door.read(content, reader=reader, purpose=purpose)
            echo(text)


def _denied(parts: Parts, reader: str, purpose: str) -> AbstractContextManager[None]:
    """Answer alike, whatever is there; whoever breaks the glass is told how to ask."""
    if purpose == BREAK_GLASS:
        return _nothing_there(parts, GlassNeeded(reader))
    return one_denial(parts)


@contextmanager
def _nothing_there(parts: Parts, answer: Refused) -> Iterator[None]:
    """Give ``answer`` where there is no such content, once anybody has an account."""
    try:
        yield
    except UnknownContentError:
        if parts.door():
            raise answer from None
        raise


@contextmanager
def _no_place(parts: Parts) -> Iterator[None]:
    """Tell whoever has no place in the file nothing about it, once anybody has an account."""
    try:
        yield
    except Refused as refused:
        if parts.door() and any(isinstance(r, NO_PLACE) for r in refused.reasons):
            raise Denied from None
        raise


def _erasing(app: typer.Typer, parts: Parts) -> None:
    @app.command("erase")
    def erase(
        subject: Annotated[str, typer.Argument(help="主体编号 | id of the subject")],
        by: WhoOption, yes: YesOption = False, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """销毁主体的密钥 | Erase a subject for good; exports that still tell are listed."""
        with answered(lang) as words:
            oneself(parts, by, "act")
            if not yes:
                typer.confirm(words.say("done.erase_sure", of=subject), abort=True)
            with one_denial(parts):
                erased = parts.reading().erasure.erase(subject, by=by)
            said = {"of": subject, "count": erased.contents, "files": len(erased.exports)}
            echo(words.say("done.erased", **said))
            if erased.exports:
                show(words, erased.exports)


def _auditing(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        subject: SubjectOption = None, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """谁在何时为何查阅了什么 | Who read what, when and for what; never the content."""
        with answered(lang) as words:
            audit(parts, subject)
            rows = [_shown(words, read, output) for read in _reads(parts, subject)]
            listed(output, words, words.say("title.audit"), AUDIT, rows, key="content")

    @app.command()
    def verify(
        expect: ExpectOption = None, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """核验查阅记录 | Recompute the chain; the heads the ledger keeps tell of a cut."""
        noted = head_noted(expect) if expect else None
        with answered(lang) as words:
            verdict = parts.vault().verify_reads(expected=noted or anchored(parts.ledger()))
            if output == "json":
                as_json(verdict.model_dump(mode="json"))
            elif verdict.ok:
                said = {"checked": verdict.checked, "head": verdict.head.hash}
                echo(words.say("done.audit_holds", **said))
            if not verdict.ok:
                why = words.say("done.audit_broken", at=verdict.first_bad, why=verdict.reason)
                leave([why], REFUSED)


def _reads(parts: Parts, subject: str | None) -> list[Read]:
    """Return who read what, but for appeals that whoever asks is not to learn of (P11)."""
    reads, who = parts.vault().reads(subject=subject), holder(parts, "read_audit")
    if who is None:
        return reads
    hidden = parts.reading().door.untold({read.content for read in reads}, who)
    return [read for read in reads if read.content not in hidden]


def _asking(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def ask(
        by: WhoOption, reason: ReasonOption, subject: SubjectOption = None,
        content: ContentOption = None, cycle: CycleOption = None, hours: HoursOption = 24,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """申请应急查阅 | Ask to read one subject's content, or one text, in need."""
        with answered(lang) as words:
            oneself(parts, by, "act")
            with _nothing_there(parts, Denied()), _no_place(parts):
                asked = parts.reading().glass.ask(
                    by=by, reason=reason, hours=hours, subject=subject, content=content,
                    cycle=cycle,
                )  # fmt: skip
            echo(words.say("done.glass_asked", of=asked.id))

    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """应急查阅一览:本人申请的、可由本人同意的 | List grants: one's own, and to agree to."""
        with answered(lang) as words:
            glass = parts.reading().glass
            rows = [_grant(words, g, glass.now(), output) for g in _grants(parts)]
            listed(output, words, words.say("title.glass"), GRANTS, rows, key="id")

    @app.command("show")
    def show_(
        grant: GrantArgument, by: WhoOption, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """同意以前看清:谁、看什么、多久、为何 | Show one with its reason; that is on record."""
        with answered(lang) as words:
            oneself(parts, by, "act")
            glass = parts.reading().glass
            with one_denial(parts):
                reason = glass.reason(grant, reader=by)
            row = {**_grant(words, glass.get(grant), glass.now(), output), "reason": reason}
            listed(output, words, words.say("title.glass"), REASONED, [row], key="id")


def _grants(parts: Parts) -> tuple[Grant, ...]:
    """Return all grants to whoever sees the audit of every unit, else those one is part of."""
    glass = parts.reading().glass
    try:
        audit(parts, None)
    except Denied:
        return glass.known_to(holder(parts, "read") or "")
    return glass.grants()


def _agreeing(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def agree(grant: GrantArgument, by: WhoOption, lang: LangOption = "zh") -> None:
        """同意应急查阅 | Agree as the second person; it ends by itself."""
        with answered(lang) as words:
            oneself(parts, by, "act")
            with one_denial(parts):
                agreed = parts.reading().glass.agree(grant, by=by)
            assert agreed.until is not None, "it runs once two have agreed"
            until = local(agreed.until)
            echo(words.say("done.glass_agreed", of=grant, who=agreed.asker, until=until))


def _shown(words: Words, read: Read, output: str) -> dict[str, Any]:
    row = read.model_dump(mode="json", exclude={"subject"})
    if output != "table":
        return row
    said = PURPOSES.get(read.purpose)
    worded = said[0 if words.lang == "zh" else 1] if said else read.purpose
    return {
        **row, "purpose": worded, "outcome": words.of("read_outcome", read.outcome),
    }  # fmt: skip


def _grant(words: Words, grant: Grant, now: datetime, output: str) -> dict[str, Any]:
    state = grant.state(now)
    return {
        **{name: getattr(grant, name) for name in GRANTS if name not in ("state", "until")},
        "state": words.of("glass_state", state) if output == "table" else state,
        "until": grant.until and grant.until.isoformat(),
    }
