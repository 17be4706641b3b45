"""``taizhang up``, ``worker`` and ``replay``: the machine room, started and tested."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import logs
from engine.cli.answers import answered, leave
from engine.cli.options import LangOption
from engine.cli.parts import REFUSED, Parts, Running
from engine.cli.show import echo

PORT, UI_PORT = 7233, 8233
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Temporal 端口 | port of Temporal")
]
UiPortOption = Annotated[
    int, typer.Option("--ui-port", min=0, max=65535, help="页面端口 | port of its Web UI")
]
UnitOption = Annotated[
    str | None,
    typer.Option("--plugins", metavar="UNIT", help="只运行该单位自己的插件 | a unit's own"),
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the commands that start the stack or replay its histories."""

    @app.command()
    def up(
        port: PortOption = PORT, ui_port: UiPortOption = UI_PORT, lang: LangOption = "zh"
    ) -> None:
        """启动内置服务 | Start server, worker and plugin host; Ctrl-C stops them."""
        with answered(lang) as words:
            logs.configure()

            def say(running: Running) -> None:
                data = running.parts.settings.data_dir.absolute()
                line = words.say("done.up", address=running.address, ui=running.ui, data=data)
                echo(line)

            parts.up(say, port, ui_port)

    @app.command()
    def worker(plugins: UnitOption = None, lang: LangOption = "zh") -> None:
        """运行周期的工作进程 | Run cycles, or a unit's own plugins, until stopped."""
        with answered(lang):
            logs.configure()
            parts.host(plugins) if plugins else parts.worker()

    @app.command(hidden=True)
    def host(lang: LangOption = "zh") -> None:
        """运行插件的进程 | Run plugins, in a process of their own."""
        with answered(lang):
            logs.configure()
            parts.host(None)

    _courier(app, parts)
    _replay(app, parts)


def _replay(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def replay(
        files: Annotated[list[Path], typer.Argument(help="历史文件 | recorded histories")],
        lang: LangOption = "zh",
    ) -> None:
        """离线重放历史 | Replay recorded histories against this code; needs no server."""
        with answered(lang) as words:
            missing = [str(file) for file in files if not file.is_file()]
            if missing:
                leave([words.say("done.no_file", file=file) for file in missing], REFUSED)
            failed = []
            for replayed in parts.replay(files):
                if replayed.error:
                    failed.append(f"{replayed.file}: {replayed.error}")
                else:
                    echo(words.say("done.replayed", file=replayed.file))
            if failed:
                leave(failed, REFUSED)


def _courier(app: typer.Typer, parts: Parts) -> None:
    @app.command(hidden=True)
    def courier(lang: LangOption = "zh") -> None:
        """向插件投递事件的进程 | Deliver events to plugins; runs none of them itself."""
        with answered(lang):
            logs.configure()
            parts.courier()
