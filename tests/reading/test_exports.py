"""P29: a file that leaves says who, when and up to where; nothing sealed leaves."""

from __future__ import annotations

import hashlib
import json

import pytest
from cli.conftest import terminal
from reading.conftest import SAID
from streams import Told, ledger_of
from views.conftest import story

from engine.reading.exports import Exports, ledger_lines


def save(house, name="l.jsonl", by="m01"):
    def render(mark):
        return ledger_lines(house.ledger, mark)

    file = house.folder / name
    return file, house.room.exports.save(file, render, form="ledger", by=by)


@pytest.fixture
def shell(tmp_path):
    made = terminal(tmp_path, ())
    ledger_of(story("c-1", "x.1"), into=made.parts.ledger())
    return made


def test_p29_the_file_carries_who_when_and_where_the_ledger_stood(house):
    head = house.ledger.head()
    file, made = save(house)
    mark, *lines = file.read_text("utf-8").splitlines()

    assert json.loads(mark).get("export") == {
        "export": made.id, "by": "m01", "at": "2021-08-02T04:00:00Z",
        "position": head.position, "head": head.hash,
    }  # fmt: skip
    assert len(lines) == head.position
    assert house.ledger.verify(expected=head).ok


def test_p29_every_export_is_listed_with_its_digest(house):
    file, made = save(house)
    again = house.room.exports

    assert again.listed() == (made,)
    assert made.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert again.of(file) == made
    file.write_bytes(file.read_bytes().replace(b"m01", b"m02", 1))
    assert again.of(file) is None


def test_p29_no_file_without_its_event(house):
    with house.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON event "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        save(house)

    assert not list(house.folder.glob("*.jsonl*")) + list(house.folder.glob(".l.jsonl*"))


def test_p29_an_export_of_the_ledger_holds_no_text(house):
    file, _ = save(house)

    assert SAID not in file.read_text("utf-8")
    assert "sealed:" in file.read_text("utf-8")


@pytest.mark.parametrize(
    "leaving",
    [
        ("report", "c-1", "-o", "markdown", "--by", "m01"),
        ("report", "c-1", "--save", "{file}", "--by", "m01"),
        ("ledger", "lists", "c-1", "--save", "{file}", "--by", "m01"),
    ],
)
def test_p29_what_is_sealed_does_not_leave(shell, tmp_path, leaving):
    file = tmp_path / "out"
    words = [w.format(file=file) for w in leaving]
    refused = shell(*words, "--reader", "m01", "--purpose", "report")

    assert refused.exit_code == 1
    assert "密封内容不可导出" in refused.stderr
    assert not file.exists()
    assert shell(*words).exit_code == 0
    assert shell.parts.vault().reads() == []


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "export"),
        ("ledger", "export", "{file}"),
        ("report", "c-1", "-o", "markdown"),
        ("report", "c-1", "--save", "{file}"),
        ("ledger", "lists", "c-1", "--save", "{file}"),
    ],
)
def test_p29_nothing_leaves_without_a_name(shell, tmp_path, words):
    file = tmp_path / "out"
    asked = [w.format(file=file) for w in words]

    assert shell(*asked).exit_code == 1
    assert not file.exists()
    done = shell(*asked, "--by", "m01")
    assert done.exit_code == 0
    (listed,) = shell.data("exports", "list")
    left = file.read_text("utf-8") if "{file}" in words else done.stdout
    assert listed["id"] in left
    assert listed["by"] == "m01"
    if file.exists():
        assert shell("exports", "check", str(file)).exit_code == 0
        file.write_text(left + " ")
        assert shell("exports", "check", str(file)).exit_code == 1


def test_exports_that_hold_somebodys_data_are_found(house):
    _, first = save(house, "a.jsonl")
    later = Told("c-2", "u.2").on(2021, 8, 3)
    later.events[0] = later.events[0].model_copy(update={"people": later.events[0].people[:2]})
    ledger_of(later, into=house.ledger)
    _, second = save(house, "b.jsonl")
    exports = Exports(house.ledger, house.clock)
    report = exports.save(
        house.folder / "r", lambda _: "x", form="report", by="m01", cycle="c-2"
    )

    assert exports.holding("m03") == (first, second)
    assert exports.holding("m02") == (first, second, report)
    assert exports.holding("nobody") == ()
