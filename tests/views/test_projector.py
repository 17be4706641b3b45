"""What people read agrees with the events, also after an interruption and a rebuild."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from inprocess import InProcessGateway

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.ledger.sql import open_ledger
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault
from engine.views.counts import counts
from engine.views.projector import Projector
from engine.views.readings import Readings
from engine.views.tables import LIVE

SCENARIO = load(find("nanzhang"))
UPTO = next(n for n, a in enumerate(SCENARIO.acts) if "群众不认可" in a.zh) + 1


@pytest.fixture(scope="module")
async def events():
    """Every event up to the public's rejection of issue 4; the speeches are left out."""
    acts = [a for a in SCENARIO.acts[:UPTO] if "open_door" not in str(a.with_)]
    acts = [a for a in acts if a.do not in ("record_speech", "check_in_guest")]
    part = SCENARIO.model_copy(
        update={"acts": tuple(a for a in acts if "speech_missing" not in a.refused)}
    )
    gateway = InProcessGateway()
    await play(part, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    return [r.event for r in gateway.ledger.read(limit=9999)]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request, tmp_path):
    if request.param == "sqlite":
        return open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    return open_ledger(request.getfixturevalue("postgres_url"))


def test_counts_equal_what_the_events_say(ledger, events):
    ledger.append(events)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    cycle = folded([event_of(e) for e in events])

    assert readings.cycle(SCENARIO.cycle) == cycle
    assert readings.counts(SCENARIO.cycle) == counts(cycle.issues)


def test_what_the_public_rejects_leaves_every_completed_count(ledger, events):
    ledger.append(events)
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    readings.cycles()
    found = readings.counts(SCENARIO.cycle)

    assert (found["found"], found["measures"], found["rejected"]) == (8, 10, 1)
    assert (found["applied"], found["measures_done"]) == (7, 9)


def test_an_interrupted_projector_goes_on_at_its_checkpoint(ledger, events):
    ledger.append(events[:60])
    projector = Projector(ledger, ledger.engine)
    assert projector.catch_up() == 60
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
    assert Readings(ledger, projector).counts(SCENARIO.cycle)["found"] == 8


def test_the_three_lists_have_the_same_issues_in_the_same_order(ledger, events):
    ledger.append(events)
    lists = Readings(ledger, Projector(ledger, ledger.engine)).three_lists(SCENARIO.cycle)

    assert lists is not None
    assert [i.issue for i in lists.issues] == [d.issue for d in lists.duties]
    assert list(dict.fromkeys(m.issue for m in lists.measures)) == [
        i.issue for i in lists.issues
    ]
    assert lists.position == len(events)
