"""``taizhang people sign-in``, ``sign-out``, ``change-password``: one's own way in and out.

The token of a session is printed on standard output by ``sign-in``, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption
from engine.cli.parts import Parts, Stopped
from engine.cli.passwords import StdinOption, chosen, typed
from engine.cli.show import echo, local
from engine.cli.words import Words
from engine.people.door import CredentialMissing
from engine.people.noted import recorded
from engine.people.refusals import NotASession, PasswordGiven
from engine.people.sessions import Ages, Method
from engine.people.tokens import is_token

LATELY = timedelta(days=30)
WAYS_IN = ("password_set", "identity_linked", "token_made", "account_reopened")
LoginArgument = Annotated[str | None, typer.Argument(help="登录名 | login")]
SsoOption = Annotated[
    bool, typer.Option("--sso", help="在浏览器里统一登录 | single sign-on in a browser")
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands by which people come and go to the group about people."""
    _sign_in(app, parts)
    _sign_out(app, parts)
    _change_password(app, parts)


def _sign_in(app: typer.Typer, parts: Parts) -> None:
    @app.command("sign-in")
    def sign_in(
        login: LoginArgument = None, sso: SsoOption = False, stdin: StdinOption = False,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """登录,凭证单独写到标准输出 | Sign in; prints the session's token alone on stdout."""
        if (login is None) is not sso:
            raise typer.BadParameter("写登录名,或写 --sso | name a login, or say --sso")
        with answered(lang) as words:
            if login is None:
                token = _by_browser(parts, words)
            else:
                password = typed(words.say("done.ask_own"), stdin=stdin)
                token = parts.people().accounts.sign_in(login, password, address=_here())
            person, method = parts.people().accounts.begun(token)
            echo(_hint(words, method), err=True)
            for line in _lately(parts, words, person):
                echo(line, err=True)
            echo(token)


def _by_browser(parts: Parts, words: Words) -> str:
    try:
        return parts.single_sign_on(
            lambda url: echo(words.say("done.browse", url=url), err=True)
        )
    except KeyboardInterrupt:
        raise Stopped("已取消,没有登录 | cancelled; nobody is signed in") from None


def _here() -> str:
    """Return what tries are counted under beside the login: the machine's user who tries."""
    return f"local:{os.getuid()}"


def _hint(words: Words, method: Method) -> str:
    if method == "given":
        return PasswordGiven().sentence(words.lang)
    ages = Ages()
    hours, minutes = ages.absolute.total_seconds() / 3600, ages.idle.total_seconds() / 60
    return words.say("done.signed_in", hours=f"{hours:g}", minutes=f"{minutes:g}")


def _lately(parts: Parts, words: Words, person: str) -> Iterator[str]:
    """Yield what others lately did to the account: each may be a way in that is theirs."""
    since = parts.clock() - LATELY
    for done in recorded(parts.people().organisation.engine, person):
        if done.act in WAYS_IN and done.by != person and done.at >= since:
            act, at = words.of("people_act", done.act), local(done.at)
            yield words.say("done.by_others", at=at, by=done.by, act=act)


def _sign_out(app: typer.Typer, parts: Parts) -> None:
    @app.command("sign-out")
    def sign_out(lang: LangOption = "zh") -> None:
        """退出 TAIZHANG_TOKEN 的登录 | End the session of TAIZHANG_TOKEN."""
        with answered(lang) as words:
            parts.people().accounts.sign_out(_session(parts))
            echo(words.say("done.signed_out"))


def _change_password(app: typer.Typer, parts: Parts) -> None:
    @app.command("change-password")
    def change_password(stdin: StdinOption = False, lang: LangOption = "zh") -> None:
        """改自己的口令,结束其他登录 | Change one's own password; other sessions end."""
        with answered(lang) as words:
            session, accounts = _session(parts), parts.people().accounts
            accounts.begun(session)  # nobody types passwords for a session that is over
            old = typed(words.say("done.ask_old"), stdin=stdin)
            new = chosen(words, stdin=stdin)
            ended = accounts.change_password(session, old, new, address=_here())
            echo(words.say("done.password_changed", ended=ended))


def _session(parts: Parts) -> str:
    """Return the session in use.

    Raises:
        CredentialMissing: there is none.
        NotASession: it is an API token.
    """
    credential = parts.settings.credential
    if not credential:
        raise CredentialMissing
    if is_token(credential):
        raise NotASession
    return credential
