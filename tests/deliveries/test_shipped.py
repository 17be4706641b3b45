"""The shipped plugins hear a whole cycle, as the ledger holds it, in a real host."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from inprocess import InProcessGateway
from rehearsal import NANZHANG, contributions

from engine.deliveries.deliverer import Deliverer
from engine.deliveries.subscriptions import subscriptions
from engine.host import Host, discover
from engine.ledger.sql import open_ledger
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault


@pytest.fixture(scope="module")
async def heard(tmp_path_factory):
    """The data folder of the plugins after Nanzhang was played, and the vault."""
    folder, vault = tmp_path_factory.mktemp("shipped"), InMemoryVault()
    gateway, ledger = InProcessGateway(contributions()), open_ledger(f"sqlite:///{folder}/l.db")
    await play(NANZHANG, gateway, vault, told=lambda _: None, limit_bytes=16384, look=None)
    ledger.append([recorded.event for recorded in gateway.ledger.read(limit=99_999)])
    found = discover(None, None)
    deliverer = Deliverer(ledger, subscriptions(found), Host(found).deliver, folder=folder)
    while deliverer.deliver().delivered:
        pass
    assert not deliverer.outcomes.letters(["failed", "dead", "waiting"])
    ledger.engine.dispose()
    return folder, vault


def of(plugin: str, room: str):
    """A module of a plugin as the host imported it."""
    return import_module(f"taizhang_plugin_{plugin}.{room}")


def kept(folder: Path, plugin: str) -> Path:
    (unit,) = (folder / plugin / "_rehearsals").iterdir()
    return unit


def test_every_issue_that_was_cleared_has_its_four_days_in_order(heard):
    accounts = of("four_accounts", "kept").accounts(kept(heard[0], "four_accounts"))

    assert [account.issue for account in accounts] == [*range(1, 9)]
    assert not [account for account in accounts if account.irregular]
    assert all(a <= b for account in accounts for a, b in pairwise(account.days))
    assert Counter(len(account.days) for account in accounts)[4] >= 7


def test_what_was_posted_hung_on_the_wall_in_four_columns(heard):
    folder, vault = heard
    wall = dict(hung(kept(folder, "wall_notice")))
    day = min(row.last for row in wall.values() if row.last != date.min)
    rows = of("wall_notice", "wall").hanging(wall, day)
    page = of("wall_notice", "page").render(
        rows, lambda text: vault.open(text, reader="m17", purpose="notice"), day=day
    )

    assert [row.issue for row in rows] == [1, 2, 3, 4, 5, 7, 8]
    assert page.blocked == ()
    assert "<td>窗口等候时间过长</td><td>增设一个综合窗口</td>" in page.html


def hung(folder: Path):
    """The wall as it was before the first notice was taken down."""
    rules, wall = of("wall_notice", "wall"), {}
    with closing(sqlite3.connect(folder / "wall.db")) as database:
        query = "SELECT cycle, kind, data FROM event ORDER BY position"
        for cycle, kind, data in database.execute(query):
            if kind == "NoticeExpired":
                break
            wall = rules.evolve(wall, cycle, kind, json.loads(data))
    return wall


def test_in_the_end_nothing_hangs_and_without_a_passbook_nobody_has_points(heard):
    wall = of("wall_notice", "kept").wall(kept(heard[0], "wall_notice"))
    book = of("red_passbook", "store").read(kept(heard[0], "red_passbook"))

    assert {(row.first, row.last) for row in wall.values()} == {(date.max, date.min)}
    assert book.entries == ()


def test_a_forum_of_the_ledger_is_counted_apart_from_the_forms_and_asked_for(heard):
    (intake,) = of("site_forum", "store").kept(kept(heard[0], "site_forum")).state().values()
    counts = intake.counts()

    assert (counts.forms, counts.form_opinions) == (40, 21)
    assert (counts.forums, counts.forum_opinions) == (1, 7)
    assert intake.unregistered() == ("forum",)
    assert intake.ended


def test_guidance_without_a_configured_round_records_none(heard):
    register = of("roving_guidance", "store").kept(kept(heard[0], "roving_guidance")).state()

    assert register.round == 0
    assert register.findings == ()
