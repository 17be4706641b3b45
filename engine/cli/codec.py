"""``taizhang codec-server`` and ``codec-token``: who may read payloads in Temporal's tools."""

from __future__ import annotations

from typing import Annotated

import typer

from engine import logs
from engine.cli.answers import answered
from engine.cli.options import LangOption
from engine.cli.parts import USAGE, Parts, Stopped
from engine.cli.show import echo
from engine.vault.operators import OperatorsError

PORT = 8234
UI = "http://127.0.0.1:8233"

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="端口 | port")]
UiOption = Annotated[str, typer.Option("--ui", help="页面来源 | origin of the Web UI")]
OperatorArgument = Annotated[str, typer.Argument(help="操作员 | id of the operator")]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the codec server and the tokens of its operators."""

    @app.command("codec-server")
    def codec_server(
        port: PortOption = PORT, ui: UiOption = UI, lang: LangOption = "zh"
    ) -> None:
        """供 Temporal 工具解密 | Decrypt for Temporal's own tools, for permitted operators."""
        with answered(lang) as words:
            logs.configure()
            parts.codec_server(
                port, ui, lambda at: echo(words.say("done.codec_up", address=at, ui=ui))
            )

    @app.command("codec-token")
    def codec_token(operator: OperatorArgument, lang: LangOption = "zh") -> None:
        """发给操作员一个令牌 | Give an operator a token, shown this once."""
        with answered(lang):
            try:
                token = parts.operators().grant(operator)
            except OperatorsError as error:
                raise Stopped(str(error), code=USAGE) from None
            echo(token)
