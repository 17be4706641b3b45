"""A plugin goes for good, and what it wrote is read without it."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from host.samples import GOOD, write_plugin

from engine.host.discovery import discover, roster
from engine.host.health import listing
from engine.host.host import Host
from engine.host.kept import KeptTypes
from engine.host.scopes import load

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "fixtures" / "red_passbook" / "passbook-1.0.0.db"
RETIRE = ("plugins", "retire", "red_passbook", "--by", "op1", "--lang", "en")
FACTS = ("plugins", "facts", "red_passbook", "--unit", "branch-1")


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    shutil.copytree(ROOT / "plugins" / "red_passbook", folder / "red_passbook")
    write_plugin(folder, "good", GOOD)
    return folder


@pytest.fixture
def operator(taizhang, place):
    """A command line beside a passbook that version 1.0.0 of the plugin wrote."""
    settings = taizhang.parts.settings.model_copy(update={"plugins_dir": place})
    parts = replace(taizhang.parts, settings=settings, plugins=lambda: listing(place, None))
    kept = settings.facts_folder / "red_passbook" / "branch-1"
    kept.mkdir(parents=True)
    shutil.copy(RECORDED, kept / "passbook.db")
    return type(taizhang)(parts)


@pytest.fixture
def hosted(operator, place):
    """Start a host, as the engine does."""
    settings = operator.parts.settings

    def start() -> Host:
        host = Host(
            discover(place, None), scopes=lambda: load(settings.scopes_path),
            kept=KeptTypes(settings.event_types_path),
        )  # fmt: skip
        host.load_all()
        return host

    return start


def redeemed(operator) -> list[tuple[int, dict[str, object]]]:
    rows = operator.data(*FACTS)
    return [
        (row["written"], row["data"])
        for row in rows
        if row["kind"] == "red_passbook.PointsRedeemed"
    ]


def test_a_plugin_whose_types_are_not_kept_cannot_go(operator):
    refused = operator(*RETIRE, "--yes")
    said = refused.stderr.splitlines()

    assert refused.exit_code == 1
    assert len(said) == 10
    assert "red_passbook.PointsPosted version 1, 6 facts: no type is kept; let the plugin" in (
        refused.stderr
    )
    assert not operator.parts.settings.scopes_path.exists()


def test_the_facts_are_read_when_the_plugin_is_retired_and_its_folder_gone(
    operator, hosted, place
):
    hosted()
    done = operator(*RETIRE, "--yes")
    assert (done.exit_code, "red_passbook is retired" in done.stdout) == (0, True)
    shutil.rmtree(place / "red_passbook")

    assert redeemed(operator) == [
        (1, {"by": "reg", "on": "2021-07-05", "person": "m1", "points": 4, "what": "unsaid"}),
        (1, {"by": "reg", "on": "2021-07-05", "person": "m2", "points": 1, "what": "unsaid"}),
    ]
    rows = operator.data(*FACTS)
    assert [row["number"] for row in rows] == list(range(1, 19))
    assert {row["unit"] for row in rows} == {"branch-1"}
    assert operator.data("plugins", "facts", "red_passbook") == rows
    assert "PointsPublished" in operator(*FACTS).stdout


def test_a_retired_plugin_is_listed_so_and_loads_no_more(operator, hosted, place):
    host = hosted()
    assert operator(*RETIRE, "--yes").exit_code == 0
    (row,) = (r for r in operator.data("plugins", "list") if r["id"] == "red_passbook")

    assert (row["status"], row["error"].rpartition(" ")[2]) == ("retired", "op1")
    assert [health.id for health in host.health()] == ["good"]
    assert [health.id for health in hosted().load_all()] == ["good"]
    scopes = load(operator.parts.settings.scopes_path)
    assert [e.pin.id for e in roster(discover(place, None), scopes, "u").entries] == ["good"]
    assert scopes.retired[0].at == operator.parts.clock().replace(microsecond=0)


def test_what_is_retired_is_not_required_switched_on_or_retired_again(operator, hosted, place):
    hosted()
    file = operator.parts.settings.scopes_path
    file.write_text('[province]\nrequired = ["red_passbook"]\n', "utf-8")
    assert operator(*RETIRE, "--yes").exit_code == 0
    kept = file.read_text("utf-8")
    for asked in (
        RETIRE,
        ("plugins", "enable", "red_passbook"),
        ("plugins", "disable", "red_passbook"),
    ):
        refused = operator(*asked, "--lang", "en")
        assert (refused.exit_code, "was retired by op1" in refused.stderr) == (1, True)

    assert file.read_text("utf-8") == kept
    assert roster(discover(place, None), load(file), "u").needed == ()


def test_a_fact_of_a_version_nobody_kept_keeps_the_plugin(operator, hosted):
    hosted()
    file = operator.parts.settings.facts_folder / "red_passbook" / "branch-1" / "passbook.db"
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE event ADD version INTEGER NOT NULL DEFAULT 1")
        database.execute(
            "INSERT INTO event (kind, version, data)"
            " VALUES ('red_passbook.PointsRedeemed', 3, '{}')"
        )
        database.execute(
            "INSERT INTO event (kind, version, data)"
            " VALUES ('red_passbook.PointsRedeemed', 2, '{}')"
        )
    refused = operator(*RETIRE, "--yes")

    assert refused.stderr.splitlines() == [
        "red_passbook.PointsRedeemed version 2, 1 facts: the fields do not fit: by, on, "
        "person, points, what",
        "red_passbook.PointsRedeemed version 3, 1 facts: only older versions are kept; let "
        "the host load the newer plugin once, and come again",
    ]


def test_a_file_that_is_no_database_is_named(operator, hosted):
    hosted()
    file = operator.parts.settings.facts_folder / "red_passbook" / "branch-1" / "torn.db"
    file.write_bytes(b"not a database, not even a short one" * 40)
    refused = operator(*RETIRE, "--yes")

    assert (refused.exit_code, "torn.db: mend or move it" in refused.stderr) == (1, True)


def test_whoever_thinks_better_of_it_changes_nothing(operator, hosted):
    hosted()
    left = operator(*RETIRE, stdin="n\n")

    assert left.exit_code == 1
    assert not operator.parts.settings.scopes_path.exists()


@pytest.mark.parametrize("words", [("retire", "x", "--by", "op1"), ("facts", "../x")])
def test_a_plugin_that_never_was_is_answered_with_those_that_were(operator, words):
    refused = operator("plugins", *words, "--lang", "en")

    assert (refused.exit_code, "good, red_passbook" in refused.stderr) == (1, True)


def test_a_unit_nothing_was_written_of_is_answered_with_those_there_are(operator):
    refused = operator("plugins", "facts", "red_passbook", "--unit", "b9", "--lang", "en")

    assert (refused.exit_code, "it did of: branch-1" in refused.stderr) == (1, True)


def test_a_name_is_no_id(operator, hosted):
    hosted()
    refused = operator("plugins", "retire", "red_passbook", "--by", "张三", "--yes")

    assert (refused.exit_code, "by" in refused.stderr) == (1, True)
    assert not operator.parts.settings.scopes_path.exists()
