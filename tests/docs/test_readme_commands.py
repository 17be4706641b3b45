"""Every command the README names is one, written in full or after another of its group."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from engine.cli.app import application

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
LINES = re.findall(r"^taizhang ([^#\n]+)# (.*)$", README, re.MULTILINE)
ROOT = get_command(application(None))
BESIDE = {
    "ledger": ["account", "stats"], "exports": ["list"], "policy": ["check"],
    "opinions": ["issue", "links", "answer", "code", "close"], "plan": ["check"],
    "people": ["show", "delegate", "leave", "password", "token", "sign-out",
               "change-password"],
    "keys payload": ["rotate", "destroy"], "keys actors": ["rotate", "replace-root"],
    "run": ["retry", "terminate"],
    "plugins": ["check", "test", "contract-test", "retire"],
}  # fmt: skip
"""What the remarks name without saying the group again."""


def command(words):
    """The command the words begin with, and the words left over."""
    found = ROOT
    while words and hasattr(found, "commands"):
        found, words = found.commands[words[0]], words[1:]
    return found, words


@pytest.mark.parametrize("line", [line for line, _ in LINES])
def test_a_line_is_a_command_with_options_it_has(line):
    found, rest = command(line.split())
    options = {name for option in found.params for name in option.opts}

    assert not hasattr(found, "commands")
    assert {word for word in rest if word.startswith("--")} <= options


@pytest.mark.parametrize("group", BESIDE)
def test_a_command_named_in_a_remark_is_of_the_group(group):
    remarks = " ".join(remark for _, remark in LINES)

    for name in BESIDE[group]:
        assert name in remarks
        command([*group.split(), name])


def test_a_remark_names_no_command_of_another_kind():
    groups = {name for name, found in ROOT.commands.items() if hasattr(found, "commands")}
    named = {word for _, remark in LINES for word in re.findall(r"([a-z-]+) (?=[a-z])", remark)}

    assert named <= groups
