"""``taizhang people password``, ``account``, ``link`` and ``token``: what lets people in."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.keeping import (
    KEEPERS,
    about,
    account as account_of,
    token_for,
    token_of,
    way_in,
)
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts
from engine.cli.passwords import StdinOption, chosen
from engine.cli.people_options import ByOption, PersonArgument, checked_id
from engine.cli.show import echo, listed
from engine.people.tokens import USUAL_DAYS, prefix_of

COLUMNS = (
    "prefix", "person", "scopes", "made_on", "expires_on", "used_on", "revoked_on", "made_with",
)  # fmt: skip
DaysOption = Annotated[
    int | None,
    typer.Option(
        "--days", help=f"有效天数,默认 {USUAL_DAYS} | days it lives, {USUAL_DAYS} unless told"
    ),
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands about accounts and tokens to the group about people."""
    _password(app, parts)
    _account(app, parts)
    _link(app, parts)
    tokens = typer.Typer(help="接口令牌 | API tokens", no_args_is_help=True)
    _making(tokens, parts)
    _keeping(tokens, parts)
    app.add_typer(tokens, name="token")


def _password(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def password(
        person: PersonArgument, by: ByOption,
        login: Annotated[
            str | None, typer.Option("--login", callback=checked_id, help="登录名 | login")
        ] = None,
        stdin: StdinOption = False, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """设置口令,没有账号则开户 | Set a password; opens the account if there is none."""
        with answered(lang) as words:
            way_in(parts, person, by=by)
            typed = chosen(words, stdin=stdin)
            ended = parts.people().accounts.give(person, typed, login=login, by=by)
            echo(words.say("done.password", person=person, ended=ended))


def _account(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def account(
        person: PersonArgument, by: ByOption,
        close: Annotated[
            bool, typer.Option("--close/--reopen", help="停用或恢复 | close or open again")
        ],
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """停用或恢复账号 | Close an account, or open it again; ends every session."""
        with answered(lang) as words:
            account_of(parts, person, by=by)
            accounts = parts.people().accounts
            (accounts.close if close else accounts.reopen)(person, by=by)
            echo(words.say("done.closed" if close else "done.reopened", person=person))


def _link(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def link(
        person: PersonArgument, by: ByOption,
        issuer: Annotated[str, typer.Option("--issuer", help="签发方地址 | issuer")],
        subject: Annotated[
            str | None, typer.Option("--subject", help="其 sub;不写即解除 | none unlinks")
        ] = None,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """关联统一登录身份 | Link an identity at an OpenID provider to an account."""
        with answered(lang) as words:
            (account_of if subject is None else way_in)(parts, person, by=by)
            identities = parts.people().identities
            if subject is None:
                identities.unlink(person, issuer, by=by)
                echo(words.say("done.unlinked", person=person))
            else:
                parts.people().accounts.open(person, by=by)
                identities.link(person, issuer, subject, by=by)
                echo(words.say("done.linked", person=person))


def _making(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def make(
        person: PersonArgument, by: ByOption,
        scope: Annotated[
            list[str],
            typer.Option("--scope", help="read、act 或一种行为 | read, act or an act"),
        ],
        days: DaysOption = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """发令牌,只显示一次 | Make a token; it is shown once."""
        with answered(lang) as words:
            made_with = token_for(parts, person, scope, by=by)
            tokens = parts.people().tokens
            token = tokens.make(person, scope, days=days, by=by, made_with=made_with)
            (known,) = (t for t in tokens.of(person) if t.prefix == prefix_of(token))
            echo(words.say("done.token_once", last=known.expires_on), err=True)
            echo(token)


def _keeping(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        person: Annotated[
            str | None, typer.Option("--person", callback=checked_id, help="人员 | person id")
        ] = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """令牌一览 | List tokens, never their secrets."""
        with answered(lang) as words:
            about(parts, person, KEEPERS)
            rows = [t.model_dump(mode="json") for t in parts.people().tokens.of(person)]
            listed(output, words, words.say("title.tokens"), COLUMNS, rows, key="prefix")

    @app.command()
    def revoke(
        prefix: Annotated[str, typer.Argument(help="令牌前缀 | prefix of the token")],
        by: ByOption, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """撤销令牌 | Revoke a token for good."""
        with answered(lang) as words:
            token_of(parts, prefix, by=by)
            along = parts.people().tokens.revoke(prefix, by=by)
            echo(words.say("done.token_revoked", prefix=prefix))
            if along:
                echo(words.say("done.tokens_along", count=along))
