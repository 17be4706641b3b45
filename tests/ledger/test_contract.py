"""One contract for every ledger: in memory, SQLite, PostgreSQL."""

from __future__ import annotations

import multiprocessing

import pytest
import sqlalchemy as sa

from engine.ledger.export import every
from engine.ledger.memory import InMemoryLedger
from engine.ledger.port import (
    GENESIS,
    EventCollisionError,
    ExpectedVersionError,
    LedgerUnavailableError,
)
from engine.ledger.sql import _begins, open_ledger
from engine.record import EventEnvelope


def event(version: int, stream: str = "cycle/a", **data) -> EventEnvelope:
    return EventEnvelope(
        stream=stream, version=version, kind="Tested", command=f"c{version}", data=data
    )


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ledger(request, tmp_path):
    if request.param == "memory":
        return InMemoryLedger()
    if request.param == "sqlite":
        return open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    return open_ledger(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    return request.getfixturevalue("postgres_url")


def test_an_empty_ledger_stands_at_position_zero(ledger):
    assert (ledger.head().position, ledger.head().hash) == (0, GENESIS)
    assert ledger.verify().ok


def test_events_get_one_position_over_all_streams(ledger):
    ledger.append([event(1), event(1, "issue/a/1"), event(2)])

    assert [(r.position, r.event.event_id) for r in ledger.read()] == [
        (1, "cycle/a@1"),
        (2, "issue/a/1@1"),
        (3, "cycle/a@2"),
    ]
    assert [r.position for r in ledger.read(stream="cycle/a")] == [1, 3]
    assert [r.position for r in ledger.read(after=1, limit=1)] == [2]


def test_a_prefix_reads_the_streams_that_begin_with_it_letter_by_letter(ledger):
    streams = ("issue/a_b/1", "cycle/a_b", "issue/axb/1", "issue/a_b/2", "issue/a_b.c/1")
    ledger.append([event(1, stream) for stream in streams])
    ledger.append([event(2, "issue/a_b/1")])

    assert [r.position for r in ledger.read(prefix="issue/a_b/")] == [1, 4, 6]
    assert [r.position for r in ledger.read(prefix="issue/a_b/", after=1, limit=1)] == [4]
    assert [r.position for r in every(ledger, prefix="issue/a")] == [1, 3, 4, 5, 6]


def test_a_prefix_is_looked_up_by_index(url):
    ledger = open_ledger(url)
    postgresql = ledger.engine.dialect.name == "postgresql"
    query = _begins(ledger.engine.dialect.name, "issue/a/").compile(
        ledger.engine, compile_kwargs={"literal_binds": True}
    )
    with ledger.engine.begin() as connection:
        if postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if postgresql else "EXPLAIN QUERY PLAN"
        plan = connection.exec_driver_sql(f"{explain} SELECT stored FROM event WHERE {query}")

        shown = str(plan.all())
    assert ("event_stream_prefix" if postgresql else "SEARCH event USING INDEX") in shown


def test_the_same_event_twice_is_written_once(ledger):
    first = ledger.append([event(1), event(2)])
    again = ledger.append([event(2), event(3), event(3)])

    assert (first.position, again.position) == (2, 3)
    assert ledger.verify().checked == 3


def test_the_same_id_with_other_content_is_an_incident_and_writes_nothing(ledger):
    ledger.append([event(1, said="x")])

    with pytest.raises(EventCollisionError):
        ledger.append([event(2), event(1, said="y")])
    assert ledger.head().position == 1


def test_a_gap_is_refused_whole(ledger):
    with pytest.raises(ExpectedVersionError):
        ledger.append([event(1), event(3)])
    assert ledger.head().position == 0


def test_content_survives_letter_by_letter(ledger):
    said = {"zh": "台账", "marks": "\ufeff\u200f", "nfd": "e\u0301"}
    ledger.append([event(1, **said)])

    assert ledger.read()[0].event.data == said


def test_every_pages_through_the_whole_ledger(ledger):
    ledger.append([event(n) for n in range(1, 703)])

    assert [r.position for r in every(ledger)] == list(range(1, 703))


def test_a_cut_tail_shows_against_a_head_noted_earlier(ledger):
    ledger.append([event(1)])
    noted = ledger.head().model_copy(update={"position": 2})

    assert not ledger.verify(expected=noted).ok


def _unprotected(ledger, statement: str) -> None:
    with ledger.engine.begin() as connection:
        if ledger.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER event_no_update")
            connection.exec_driver_sql("DROP TRIGGER event_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER event_append_only ON event")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE event SET stored = replace(stored, 'c2', 'cx') WHERE position = 2", 2),
        ("DELETE FROM event WHERE position = 2", 3),
        ("UPDATE event SET hash = 'f' WHERE position = 3", 3),
        ("UPDATE event SET stream = 'cycle/other' WHERE position = 3", 3),
        ("UPDATE event SET version = 9 WHERE position = 3", 3),
        ("UPDATE event SET event_id = 'other' WHERE position = 1", 1),
    ],
)
def test_tampering_behind_the_triggers_breaks_the_chain(url, statement, first_bad):
    ledger = open_ledger(url)
    ledger.append([event(1), event(2), event(3)])
    _unprotected(ledger, statement)

    verdict = ledger.verify()
    assert (verdict.ok, verdict.first_bad) == (False, first_bad)


@pytest.mark.parametrize("act", ["UPDATE event SET hash = 'x'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_the_past(url, act):
    ledger = open_ledger(url)
    ledger.append([event(1)])

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), ledger.engine.begin() as c:
        c.exec_driver_sql(act)
    assert ledger.verify().ok


def _write_many(url: str, stream: str) -> None:
    ledger = open_ledger(url)
    for n in range(1, 26):
        ledger.append([event(n, stream)])


def test_two_processes_may_write_at_once(url):
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=_write_many, args=(url, f"cycle/{n}")) for n in "xy"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    verdict = open_ledger(url).verify()
    assert (verdict.ok, verdict.checked) == (True, 50)


def test_an_unreachable_database_is_said_in_one_sentence():
    with pytest.raises(LedgerUnavailableError):
        open_ledger("postgresql+psycopg://nobody@127.0.0.1:1/none")
