"""A plugin's file of facts: each key once, and what was checked still holds when written."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from pydantic import BaseModel

from engine import EventType, FactFile, FactRefused, PayloadField, Upcast, typed
from engine.stored import alone, stored


class Taken(BaseModel):
    seat: int


class Told(BaseModel):
    seat: int


class FullError(Exception):
    """The seat is taken."""


def seats(facts) -> list[int]:
    return [fact.seat for fact in facts]


def free(taken: list[int], fact: Taken) -> None:
    if fact.seat in taken:
        raise FullError


@pytest.fixture
def file(tmp_path):
    return FactFile(tmp_path / "seats.db", {"Taken": Taken, "Told": Told}, seats)


def test_nothing_was_said_yet(file):
    assert file.state() == []


def test_facts_add_up_in_the_order_they_came(file):
    file.ask(Taken(seat=2), free)
    file.note(Told(seat=1), key="a")

    assert file.state() == [2, 1]


def test_a_key_counts_once_however_often_it_comes(file):
    for seat in (1, 1, 3):
        file.note(Told(seat=seat), key="a")

    assert file.state() == [1]


def test_what_people_ask_has_no_key_and_may_come_twice(file):
    for _ in range(2):
        file.ask(Taken(seat=1), lambda taken, fact: None)

    assert file.state() == [1, 1]


def test_what_is_refused_leaves_nothing(file):
    file.ask(Taken(seat=1), free)
    with pytest.raises(FullError):
        file.ask(Taken(seat=1), free)

    assert file.state() == [1]


def test_of_many_that_ask_at_once_one_gets_the_seat(tmp_path):
    def asked(_):
        mine = FactFile(tmp_path / "seats.db", {"Taken": Taken}, seats)
        try:
            mine.ask(Taken(seat=7), free)
        except FullError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(asked, range(16))) == 1


class Sat(BaseModel):
    seat: int
    row: int
    on: date


def not_in_row_13(taken, fact: Sat) -> None:
    if fact.row == 13:
        raise FactRefused("没有第 13 排", "there is no row 13")


def hall(folder) -> FactFile:
    return FactFile(folder / "seats.db", {"Sat": Sat}, list)


def answer(*words) -> str:
    return typed(
        [str(word) for word in words], "FOLDER sit|show", asks={"sit": Sat},
        ask=lambda folder, fact: hall(folder).ask(fact, not_in_row_13),
        shows={"show": lambda folder, given: f"{len(hall(folder).state())} {dict(given)}"},
        today=date(2021, 7, 1),
    )  # fmt: skip


def test_a_fact_is_typed_and_noted_under_today(tmp_path):
    assert answer(tmp_path, "sit", "seat=2", "row=1") == "已记 | noted"
    assert hall(tmp_path).state() == [Sat(seat=2, row=1, on=date(2021, 7, 1))]
    assert answer(tmp_path, "show", "at=b") == "1 {'at': 'b'}"


def test_what_is_shown_does_nothing_to_the_terminal_it_is_shown_on(tmp_path):
    shows = {"show": lambda _, given: given["at"]}
    words = [str(tmp_path), "show", "at=\x1b[2J\n[/b]\u202e"]
    shown = typed(words, "", asks={}, ask=print, shows=shows, today=date(2021, 7, 1))

    assert shown == "␛[2J\n[/b]<U+202E>"


@pytest.mark.parametrize("words", [(), ("sit",), ("{}",), ("{}", "lie")])
def test_anything_else_is_answered_with_the_usage(tmp_path, words):
    with pytest.raises(SystemExit, match=r"FOLDER sit\|show"):
        answer(*(word.format(tmp_path) for word in words))


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(SystemExit, match=r"没有文件夹 .*gone"):
        answer(tmp_path / "gone", "show")

    assert not (tmp_path / "gone").exists()


def test_every_reason_is_said_at_once(tmp_path):
    with pytest.raises(SystemExit, match=r"seat.*\n*row"):
        answer(tmp_path, "sit", "seat=x")


def test_what_the_check_refuses_is_said_in_both_languages_and_not_written(tmp_path):
    with pytest.raises(SystemExit, match=r"没有第 13 排 \| there is no row 13"):
        answer(tmp_path, "sit", "seat=1", "row=13")

    assert hall(tmp_path).state() == []


PLACED = EventType(
    kind="own.Placed",
    version=2,
    fields=(PayloadField(name="seat", type="whole"), PayloadField(name="row", type="whole")),
    upcasts=(Upcast(version=1, renamed={"number": "seat"}, added={"row": 1}),),
)


class Placed(BaseModel):
    seat: int
    row: int


class Numbered(BaseModel):
    number: int


@pytest.fixture
def before(tmp_path):
    """A file of before facts had a version, as it was written then."""
    with sqlite3.connect(tmp_path / "seats.db") as database:
        database.execute(
            "CREATE TABLE fact (position INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT,"
            " data TEXT)"
        )
        database.execute("""INSERT INTO fact VALUES (1, 'a', 'Placed', '{"number": 7}')""")
    return FactFile(tmp_path / "seats.db", {"Placed": Placed}, list, (PLACED,))


def versions(file) -> list[tuple[str, int]]:
    return [(fact.kind, fact.version) for fact in stored(file)]


def test_a_fact_of_before_is_read_as_the_newest_version_has_it(before):
    assert before.state() == [Placed(seat=7, row=1)]


def test_an_old_file_takes_new_facts_beside_its_own(before, tmp_path):
    before.note(Placed(seat=7, row=2), key="a")
    before.note(Placed(seat=8, row=2), key="b")

    assert before.state() == [Placed(seat=7, row=1), Placed(seat=8, row=2)]
    assert versions(tmp_path / "seats.db") == [("Placed", 1), ("Placed", 2)]


def test_what_only_a_newer_plugin_knows_is_refused_and_not_guessed(before, tmp_path):
    before.note(Placed(seat=8, row=2), key="b")
    first = EventType(kind="own.Placed", fields=(PayloadField(name="number", type="whole"),))
    older = FactFile(tmp_path / "seats.db", {"Placed": Numbered}, list, (first,))

    with pytest.raises(FactRefused, match=r"请装回新版插件 \| .*knows 1: install the newer"):
        older.state()


def test_what_follows_from_the_state_is_written_whole_and_once(file):
    def two(taken):
        return (Taken(seat=len(taken)), Told(seat=len(taken) + 1))

    assert file.decide(two, key="a") == (Taken(seat=0), Told(seat=1))
    assert file.decide(two, key="a") == ()
    assert file.decide(two) == (Taken(seat=2), Told(seat=3))
    assert file.state() == [0, 1, 2, 3]


def test_a_decision_that_is_refused_leaves_nothing(file):
    def full(taken):
        raise FullError

    with pytest.raises(FullError):
        file.decide(full, key="a")

    assert file.state() == []


def test_no_fact_is_changed_or_removed(file, tmp_path):
    file.note(Told(seat=1), key="a")
    for change in ("DELETE FROM fact", "UPDATE fact SET data = '{}'"):
        with (
            sqlite3.connect(tmp_path / "seats.db") as database,
            pytest.raises(sqlite3.IntegrityError, match="only added to"),
        ):
            database.execute(change)

    assert file.state() == [1]


def test_whoever_reads_waits_for_no_writer_and_makes_no_file(file, tmp_path):
    assert file.state() == []
    assert not (tmp_path / "seats.db").exists()
    file.note(Told(seat=1), key="a")
    with alone(tmp_path / "seats.db"):
        assert file.state() == [1]
