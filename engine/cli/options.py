"""The options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from engine.record import Lang

Output: TypeAlias = Literal["table", "json", "ids"]

LangOption: TypeAlias = Annotated[
    Lang, typer.Option("--lang", envvar="TAIZHANG_LANG", help="语言 | language")
]
OutputOption: TypeAlias = Annotated[
    Output, typer.Option("--output", "-o", help="输出形式 | form of the output")
]
CycleArgument: TypeAlias = Annotated[str, typer.Argument(help="周期 | cycle id")]
IssueArgument: TypeAlias = Annotated[int, typer.Argument(min=1, help="问题编号 | issue number")]
KindArgument: TypeAlias = Annotated[
    str, typer.Argument(help="命令 | command, e.g. claim_issue")
]
ByOption: TypeAlias = Annotated[str, typer.Option("--by", help="办理人 | who asks")]
JsonOption: TypeAlias = Annotated[
    str | None, typer.Option("--json", help='字段 | fields, texts as {"text": "..."}')
]
FileOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--file", help="字段文件,- 为标准输入 | fields from a file, - stdin"),
]
IdOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--id", help="命令号,重发不重办 | command id, sent twice happens once"),
]
