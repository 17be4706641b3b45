"""The page of commands is the commands, and its opening opens."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from docs.commands import COMMANDS_PAGE, EXAMPLE, commands_page

from engine.cli.cycles import openings
from engine.cycle.decide import open_cycle
from engine.people.roles import COMMANDS


def test_the_page_of_commands_says_what_the_commands_take():
    assert COMMANDS_PAGE.read_text("utf-8") == commands_page(), "run poe pages"


def test_every_command_is_on_it():
    page, kinds = commands_page(), (kind.removeprefix("campaign_") for kind in COMMANDS)
    assert [kind for kind in kinds if f"### `{kind}`" not in page] == []


def test_the_opening_on_it_opens_a_cycle(tmp_path):
    file = tmp_path / "opening.json"
    file.write_text(EXAMPLE, "utf-8")
    (opening,) = openings(file)

    (opened, *_) = open_cycle(opening, now=datetime(2026, 11, 1, tzinfo=UTC))
    assert opened.cycle == json.loads(EXAMPLE)["cycle"]
