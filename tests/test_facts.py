"""A plugin's file of facts: each key once, and what was checked still holds when written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from pydantic import BaseModel

from engine import FactFile, FactRefused, typed


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
