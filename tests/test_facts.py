"""A plugin's file of facts: each key once, and what was checked still holds when written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel

from engine import FactFile


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
