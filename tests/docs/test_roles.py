"""The page of roles is the table, and the table has words for every act."""

from __future__ import annotations

from docs.pages import ROLES_PAGE, roles_page

from engine.cli.words import catalogue
from engine.people.roles import COMMANDS


def test_the_page_of_roles_says_what_the_table_says():
    assert ROLES_PAGE.read_text("utf-8") == roles_page(), "run poe pages"


def test_every_command_has_words_in_both_languages():
    for lang in ("zh", "en"):
        assert [kind for kind in COMMANDS if f"act.{kind}" not in catalogue(lang)] == []
