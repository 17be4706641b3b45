"""How a password comes in: typed unseen on the terminal, or a line of standard input.

Where there is no terminal at all it is a line of standard input too, after the question.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from engine.cli.parts import Stopped
from engine.cli.show import echo
from engine.cli.words import Words

StdinOption: TypeAlias = Annotated[
    bool, typer.Option("--stdin", help="从标准输入读口令 | read passwords from stdin")
]

TERMINAL = Path("/dev/tty")
"""The terminal of the process, whatever standard input is."""

NOTHING = (
    "没有终端,标准输入里也没有口令:请在终端里输入,或用 --stdin 一行写一个 | "
    "there is no terminal, and no password on standard input: type it on a terminal, "
    "or write one a line with --stdin"
)
OTHERWISE = "两次输入的口令不一样 | the two passwords are not the same"


def typed(question: str, *, stdin: bool, again: str | bool = False) -> str:
    """Return a password; the question goes to stderr, and ``again`` has it typed twice."""
    if stdin:
        return _line()
    if _typed_unseen():
        asked = typer.prompt(question, hide_input=True, confirmation_prompt=again, err=True)
        return str(asked)
    password = _answered(question)
    if again and _answered(str(again)) != password:
        echo(err=True)
        raise Stopped(OTHERWISE)
    return password


def _typed_unseen() -> bool:
    """Say whether there is a terminal to type on; without one ``getpass`` only warns."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return sys.stdin.isatty()
    return True


def _answered(question: str) -> str:
    """Return the line of standard input that answers ``question``, asked on stderr.

    Raises:
        Stopped: there is none.
    """
    echo(f"{question}:", nl=False, err=True)
    if not (password := _line()):
        echo(err=True)
        raise Stopped(NOTHING)
    return password


def _line() -> str:
    line = sys.stdin.buffer.readline().decode("utf-8", "surrogateescape")
    return line.rstrip("\r\n")


def chosen(words: Words, *, stdin: bool) -> str:
    """Return a new password, typed twice."""
    return typed(words.say("done.ask"), stdin=stdin, again=words.say("done.ask_again"))
