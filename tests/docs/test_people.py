"""The sheets on the page about people can be imported as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from engine.people.importing import take
from engine.people.organisation import Changed, Organisation
from engine.people.tables import opened
from engine.vault.memory import InMemoryVault

PAGE = Path(__file__).parents[2] / "docs" / "people.md"


def test_the_sheets_of_the_page_can_be_imported(tmp_path):
    tree, people = re.findall(r"```csv\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "tree.csv").write_text(tree, "utf-8")
    (tmp_path / "people.csv").write_text(people, "utf-8")
    organisation = Organisation(opened(f"sqlite:///{tmp_path}/people.db"))

    done = take(
        organisation, InMemoryVault(), tmp_path / "tree.csv", tmp_path / "people.csv", by="sup"
    )

    assert done.done == Changed(new=13)
