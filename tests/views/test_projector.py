"""What people read agrees with the events, also after an interruption and a rebuild."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from streams import SEALED, ledger_of
from views.conftest import story

from engine.cycle import events as c
from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.ledger.sql import open_ledger
from engine.views.counts import counts
from engine.views.past import NOW, AsOf, NoSuchMomentError
from engine.views.projector import Projector
from engine.views.readings import Readings
from engine.views.statistics import rolled_up
from engine.views.tables import LIVE

NAME = "c-1"
WALL = datetime(2021, 9, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def events():
    """Every event up to the public's rejection of issue 5."""
    return [r.event for r in ledger_of(story()).read(limit=9999)]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request, tmp_path):
    if request.param == "sqlite":
        return open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    return open_ledger(request.getfixturevalue("postgres_url"))


@pytest.fixture
def several(ledger):
    """Readings over two branches of one unit and one of another."""
    ledger_of(story("a", "x.1"), story("b", "x.2"), story("c", "y.1"), into=ledger)
    return Readings(ledger, Projector(ledger, ledger.engine))


def test_counts_equal_what_the_events_say(ledger, events):
    ledger.append(events)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    cycle = folded([event_of(e) for e in events])

    assert readings.cycle(NAME) == cycle
    assert readings.counts(NAME) == counts(cycle.issues)


def test_p05_a_history_does_not_say_who_criticised_or_talked_with_whom(ledger):
    told = story()
    told.cycle(c.CriticismConfirmed, "m02", item=1, suggestion=SEALED)
    told.cycle(c.CriticismReplied, "m03", item=1, outcome="accepted")
    ledger_of(told, into=ledger)
    rows = Readings(ledger, Projector(ledger, ledger.engine)).history(f"cycle/{NAME}")
    actors = {(row["kind"], row["by"]) for row in rows}

    assert {(kind, by) for kind, by in actors if kind.startswith(("Criticism", "Talk"))} == {
        ("CriticismConfirmed", None), ("CriticismReplied", None), ("TalkConfirmed", None),
    }  # fmt: skip
    assert ("MeetingClosed", "m01") in actors


def test_the_cycle_folded_from_the_ledger_is_the_one_of_the_views(ledger, events):
    ledger.append(events)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    past = readings.past(NAME, NOW, wall=WALL)

    assert past is not None
    assert (past.cycle, past.position) == (readings.cycle(NAME), len(events))
    assert readings.past("nowhere", NOW, wall=WALL) is None


def test_what_the_public_rejects_leaves_every_completed_count(ledger, events):
    ledger.append(events)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    readings.cycles()
    found = readings.counts(NAME)

    assert (found["found"], found["measures"], found["rejected"]) == (9, 7, 1)
    assert (found["applied"], found["measures_done"]) == (2, 3)


def test_an_interrupted_projector_goes_on_at_its_checkpoint(ledger, events):
    ledger.append(events[:40])
    projector = Projector(ledger, ledger.engine)
    assert projector.catch_up() == 40
    ledger.append(events)

    assert Projector(ledger, ledger.engine).catch_up() == len(events)
    assert projector.rebuild().same


def test_a_rebuild_mends_a_wrong_row_and_says_that_it_was_wrong(ledger, events):
    ledger.append(events)
    projector = Projector(ledger, ledger.engine)
    projector.catch_up()
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(LIVE.counter).values(value=99))

    assert not projector.rebuild().same
    assert projector.rebuild().same
    assert Readings(ledger, projector).counts(NAME)["found"] == 9


def test_rows_of_an_older_version_are_projected_again(ledger, events):
    ledger.append(events)
    Projector(ledger, ledger.engine).catch_up()
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(LIVE.counter).values(value=99))
        connection.exec_driver_sql("UPDATE views_version SET version_num = '0001'")
    projector = Projector(ledger, ledger.engine)

    assert projector.catch_up() == len(events)
    assert projector.rebuild().same
    assert Readings(ledger, projector).counts(NAME)["found"] == 9


def test_a_list_of_cycles_takes_one_query_however_many_there_are(ledger, several):
    several.cycles()
    asked = []
    sa.event.listen(ledger.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    rows = several.cycles()

    assert [(r.cycle, r.unit, r.issues, r.closed) for r in rows] == [
        ("a", "x.1", 9, 2), ("b", "x.2", 9, 2), ("c", "y.1", 9, 2),
    ]  # fmt: skip
    assert len([query for query in asked if "view_cycle" in query]) == 1
    assert not [query for query in asked if "state" in query]


@pytest.mark.parametrize(("units", "names"), [("", "abc"), ("x.", "ab"), ("x.2", "b")])
def test_a_roll_up_takes_the_units_whose_id_begins_so(several, units, names):
    together = rolled_up(several.pasts(units, NOW, wall=WALL))

    assert [child.cycle for child in together.children] == list(names)
    assert together.total.counts["found"] == 9 * len(names)


def test_a_roll_up_of_a_position_reads_no_child_further(several):
    together = rolled_up(several.pasts("", AsOf(position=100), wall=WALL))

    assert together.position == 100
    assert all(child.position <= 100 for child in together.children)
    assert several.pasts("", AsOf(position=1), wall=WALL)[0].position == 1
    assert len(several.pasts("", AsOf(position=1), wall=WALL)) == 1


def test_a_position_that_has_not_come_is_refused(several, ledger):
    with pytest.raises(NoSuchMomentError, match="ends with event"):
        several.past("a", AsOf(position=ledger.head().position + 1), wall=WALL)
