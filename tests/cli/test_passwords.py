"""A password is read without a terminal as it is with one: with no word from Python."""

from __future__ import annotations

import subprocess
import sys

import pytest

PASSWORD = "correct horse battery"
ASKS = """
import typer
from engine.cli.answers import answered
from engine.cli.passwords import chosen, typed
def ask(twice: bool = False):
    with answered("en") as words:
        print(chosen(words, stdin=False) if twice else typed("own", stdin=False))
typer.run(ask)
"""
TWICE = "new password:once more:"


def asked(*words, stdin):
    """What a process that has no terminal says, and how it ends."""
    done = subprocess.run(
        [sys.executable, "-c", ASKS, *words], input=stdin, capture_output=True, text=True,
        start_new_session=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_without_a_terminal_a_password_is_a_line_and_the_question_is_all_that_is_said():
    assert asked(stdin=f"{PASSWORD}\n") == (0, f"{PASSWORD}\n", "own:")


def test_without_a_terminal_a_new_password_is_two_lines_alike():
    twice = f"{PASSWORD}\n{PASSWORD}\n"

    assert asked("--twice", stdin=twice) == (0, f"{PASSWORD}\n", TWICE)
    assert asked("--twice", stdin=f"{PASSWORD}\nanother\n") == (
        1, "", f"{TWICE}\nthe two passwords are not the same\n",
    )  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--twice",)])
def test_who_neither_types_nor_pipes_a_password_is_told_how(words):
    code, out, err = asked(*words, stdin="")

    assert (code, out) == (1, "")
    assert "type it on a terminal, or write one a line with --stdin" in err
    assert "Warning" not in err
