"""The page about people holds: its sheets come in, its commands run in their order."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template

import pytest
from cli.conftest import terminal
from inprocess import WALL
from pydantic import SecretStr

from engine.people.door import Door
from engine.people.everything import open_people
from engine.people.importing import take
from engine.people.organisation import Changed, Organisation
from engine.people.tables import opened
from engine.policy.calendar import local_day
from engine.vault.memory import InMemoryVault

PAGE = (Path(__file__).parents[2] / "docs" / "people.md").read_text("utf-8")
SET = re.compile(r"(?:export )?(?P<name>[A-Z_]+)=\$\((?P<command>.*?)\)")
LENT = re.compile(r"d-[0-9a-f]{8}")
OLD, NEW = "一个够长的口令一二三四五六", "另一个够长的口令七八九十"
TYPED = {
    "password": (OLD, OLD), "sign-in": (OLD,), "change-password": (OLD, NEW, NEW),
}  # fmt: skip


def sheets(folder):
    tree, people = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (folder / "tree.csv").write_text(tree, "utf-8")
    (folder / "people.csv").write_text(people, "utf-8")
    return folder / "tree.csv", folder / "people.csv"


def commands():
    """Every line of every example on the page, as a person would type it."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line]


class Reader:
    """Somebody who types what the page says on a machine of its own, on some day."""

    def __init__(self, folder, now) -> None:
        self.now, self.made, self.lent = now, terminal(folder, ()), None
        self.people = open_people(
            f"sqlite:///{folder}/people.db", b"p" * 32, lambda unit: (), lambda: now
        )
        today = local_day(now)
        self.set = {"TODAY": str(today), "LATER": str(today + timedelta(days=6))}

    def type(self, line):
        if (setting := SET.match(line)) is None:
            return self.run(line)
        if setting["command"].startswith("taizhang"):
            self.set[setting["name"]] = self.run(setting["command"]).strip()
        assert setting["name"] in self.set
        return ""

    def run(self, line):
        line = LENT.sub(self.lent or "", Template(line).substitute(self.set))
        name, group, command, *rest = shlex.split(line, comments=True)
        assert (name, group) == ("taizhang", "people")
        typed = "".join(f"{word}\n" for word in TYPED.get(command, ()))
        done = self._there()(group, command, *rest, stdin=typed)
        assert done.exit_code == 0, (line, done.output)
        if lent := LENT.search(done.stdout):
            self.lent = lent[0]
        return done.stdout

    def _there(self):
        token = self.set.get("TAIZHANG_TOKEN")
        settings = self.made.parts.settings.model_copy(
            update={"token": SecretStr(token) if token else None}
        )
        return self.made.but(
            settings=settings, people=lambda: self.people, door=self._door,
            clock=lambda: self.now,
        )  # fmt: skip

    def _door(self):
        people = self.people
        if not people.accounts.any():
            return None
        return Door(
            people.accounts, people.tokens, people.delegations, lambda cycle: None,
            clock=lambda: self.now,
        )  # fmt: skip


def test_the_sheets_of_the_page_can_be_imported(tmp_path):
    organisation = Organisation(opened(f"sqlite:///{tmp_path}/people.db"))

    done = take(organisation, InMemoryVault(), *sheets(tmp_path), by="sup")

    assert done.done == Changed(new=18)


@pytest.mark.parametrize("now", [WALL, datetime(2033, 12, 31, 23, tzinfo=UTC)])
def test_the_commands_of_the_page_run_as_written_in_their_order_on_any_day(
    tmp_path, monkeypatch, now
):
    sheets(tmp_path)
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, now)
    by_browser = [line for line in commands() if "--sso" in line]

    told = {line: reader.type(line) for line in commands() if line not in by_browser}

    assert len(by_browser) == 1
    assert len(told) >= 20
    (lent,) = reader.people.delegations.of("m01")
    assert (lent.delegate, lent.returned_at) == ("m02", now)
    left = reader.people.organisation.memberships(person="m05")
    assert {m.unit for m in left} == {"nanzhang-finance-1", "nanzhang-finance-2"}
    assert reader.people.accounts.sign_in("m05", NEW, address="a")
