"""How a password comes in: typed unseen on the terminal, or a line of standard input."""

from __future__ import annotations

import sys
from typing import Annotated, TypeAlias

import typer

from engine.cli.words import Words

StdinOption: TypeAlias = Annotated[
    bool, typer.Option("--stdin", help="从标准输入读口令 | read passwords from stdin")
]


def typed(question: str, *, stdin: bool, again: str | bool = False) -> str:
    """Return a password; the question goes to stderr, and ``again`` has it typed twice."""
    if stdin:
        line = sys.stdin.buffer.readline().decode("utf-8", "surrogateescape")
        return line.rstrip("\r\n")
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=again, err=True))


def chosen(words: Words, *, stdin: bool) -> str:
    """Return a new password, typed twice."""
    return typed(words.say("done.ask"), stdin=stdin, again=words.say("done.ask_again"))
