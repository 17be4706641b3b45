"""``taizhang keys``: those of what Temporal keeps, new ones and destroyed ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from engine.cli import actor_keys
from engine.cli.answers import answered
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.show import echo, listed
from engine.cli.words import Words
from engine.vault.keyring import Keyring, PayloadKey

COLUMNS = ("id", "made_at", "state", "destroyed_at")
SHOWN = 20

KeyArgument = Annotated[str, typer.Argument(help="密钥编号 | id of the key")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="终止还需要它的流程 | end the runs that need it")
]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问 | do not ask")]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about keys."""
    app = typer.Typer(help="密钥 | keys", no_args_is_help=True)
    payload = typer.Typer(help="载荷密钥 | keys of payloads", no_args_is_help=True)
    _making(payload, parts)
    _destroying(payload, parts)
    app.add_typer(payload, name="payload")
    app.add_typer(actor_keys.commands(parts), name="actors")
    return app


def _making(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """密钥一览 | List the keys, oldest first; secrets are never shown."""
        with answered(lang) as words:
            rows = _rows(parts.keyring())
            if output == "table":
                rows = [{**r, "state": words.of("key_state", r["state"])} for r in rows]
            listed(output, words, words.say("title.payload_keys"), COLUMNS, rows, key="id")

    @app.command()
    def rotate(lang: LangOption = "zh") -> None:
        """换用新密钥 | Make a new key; it encrypts from now on."""
        with answered(lang) as words:
            made = parts.keyring().rotate(parts.clock())
            echo(words.say("done.key_made", of=made.id, folder=parts.keyring().folder))


def _destroying(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def destroy(
        key: KeyArgument, force: ForceOption = False, yes: YesOption = False,
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """销毁密钥 | Destroy a key for good; what it encrypted can never be read again."""
        with answered(lang) as words:
            parts.keyring().check_destroyable(key)
            needed = parts.holding(key)
            if needed and not force:
                raise Stopped(*_needed(words, key, needed))
            if not yes:
                question = words.say("done.key_sure", of=key, count=len(needed))
                typer.confirm(question, abort=True)
            ended = parts.destroy_key(key)
            echo(words.say("done.key_destroyed", of=key, count=len(ended)))


def _needed(words: Words, key: str, runs: Sequence[str]) -> list[str]:
    """Return what to say when open runs need the key: how many, which, and what to do."""
    said = words.say("done.key_needed", of=key, count=len(runs))
    more = ["..."] if len(runs) > SHOWN else []
    return [said, *(f"  {run}" for run in runs[:SHOWN]), *more]


def _rows(keyring: Keyring) -> list[dict[str, Any]]:
    keys = keyring.keys()
    encrypting = [key for key in keys if key.secret][-1:]
    return [
        {
            "id": key.id, "made_at": key.made_at.isoformat(),
            "state": _state(key, encrypting),
            "destroyed_at": key.destroyed_at.isoformat() if key.destroyed_at else None,
        }
        for key in keys
    ]  # fmt: skip


def _state(key: PayloadKey, encrypting: list[PayloadKey]) -> str:
    if key.secret is None:
        return "destroyed"
    return "encrypts" if key in encrypting else "decrypts"
