"""``taizhang keys actors``: the keys by which a gateway vouches for who sends a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import typer

from engine.cli.answers import answered
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import USAGE, Parts, Stopped
from engine.cli.show import echo, listed
from engine.people.actor import Certificate, fingerprint
from engine.people.keys import ActorKeys, ActorKeysError

COLUMNS = ("key", "root", "root_here", "until")


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about these keys."""
    app = typer.Typer(help="办理人证明的密钥 | keys that prove who acts", no_args_is_help=True)

    def there() -> ActorKeys:
        return ActorKeys(parts.settings.actor_folder)

    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """密钥一览 | Show the gateway's key and its root, by fingerprint."""
        with answered(lang) as words, _told():
            keys = there()
            held = keys.certificate()
            rows = [_row(held, keys)] if held else []
            listed(output, words, words.say("title.actor_keys"), COLUMNS, rows, key="key")

    @app.command()
    def roots(lang: LangOption = "zh") -> None:
        """公开的根 | Print the public roots, for the file ``roots`` of a worker elsewhere."""
        with answered(lang), _told():
            for root in there().known():
                echo(root)

    @app.command()
    def rotate(lang: LangOption = "zh") -> None:
        """换网关密钥 | Make a new gateway key; running cycles do not notice."""
        with answered(lang) as words, _told():
            keys = there()
            keys.rotate(parts.clock())
            echo(words.say("done.actor_key_made", of=_shown(keys)))

    @app.command("replace-root")
    def replace_root(lang: LangOption = "zh") -> None:
        """换根密钥 | Let the root name a new one; running cycles go on under both."""
        with answered(lang) as words, _told():
            keys = there()
            keys.replace_root(parts.clock())
            echo(words.say("done.actor_root_made", of=_shown(keys)))

    return app


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ActorKeysError as error:
        raise Stopped(str(error), code=USAGE) from None


def _shown(keys: ActorKeys) -> str:
    held = keys.certificate()
    return fingerprint(held.key) if held else ""


def _row(held: Certificate, keys: ActorKeys) -> dict[str, Any]:
    return {
        "key": fingerprint(held.key), "root": fingerprint(held.root),
        "root_here": keys.has_root,
        "until": datetime.fromtimestamp(held.not_after, UTC).isoformat(),
    }  # fmt: skip
