"""A stream that does not begin with its opening is set aside, and nobody else notices."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streams import ledger_of
from structlog.testing import capture_logs
from views.conftest import story

from engine.beginnings import well_placed
from engine.ledger.sql import open_ledger
from engine.record import EventEnvelope
from engine.views.past import NOW
from engine.views.projector import Projector
from engine.views.readings import Readings

WALL = datetime(2021, 9, 25, tzinfo=UTC)


def event(stream, kind, version=1, **data):
    return EventEnvelope(stream=stream, version=version, kind=kind, command="x", data=data)


FORGED = (
    event("cycle/forged", "PlanFiled", at="2021-07-05T04:00:00Z", by="m01"),
    event("cycle/forged", "NobodyKnowsThis", 2),
    event("issue/forged/1", "IssueFound"),
    event("campaign/forged", "CampaignReported", at="2021-07-05T04:00:00Z", by="m01"),
    event("cycle/other", "CyclePlanned", cycle="c-1"),
)


@pytest.fixture
def ledger(tmp_path):
    """One honest cycle, and streams that begin otherwise before and behind it."""
    made = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    made.append(FORGED[:3])
    ledger_of(story(), into=made)
    made.append(FORGED[3:])
    return made


def test_whoever_reads_still_reads_and_the_log_names_each_stream_once(ledger):
    readings = Readings(ledger, Projector(ledger, ledger.engine))
    with capture_logs() as lines:
        assert [row.cycle for row in readings.cycles()] == ["c-1"]
        assert [past.cycle.id for past in readings.pasts("", NOW, wall=WALL)] == ["c-1"]
        assert readings.campaigns() == ()

    assert readings.counts("c-1")["found"] == 9
    assert [line["stream"] for line in lines if line["event"] == "stream_set_aside"] == [
        "cycle/forged", "issue/forged/1", "campaign/forged", "cycle/other",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["forged", "other"])
def test_a_stream_set_aside_is_nobodys_cycle(ledger, name):
    readings = Readings(ledger, Projector(ledger, ledger.engine))

    assert readings.cycle(name) is None
    assert readings.past(name, NOW, wall=WALL) is None
    assert readings.draws(name) == ()
    assert readings.campaign(name) is None


def test_what_comes_later_in_it_changes_nothing_and_a_rebuild_finds_the_same(ledger):
    projector = Projector(ledger, ledger.engine)
    projector.catch_up()
    ledger.append(
        [event("cycle/forged", "PlanFiled", 3), event("issue/forged/2", "IssueFound")]
    )

    assert projector.catch_up() == ledger.head().position
    assert projector.rebuild().same


@pytest.mark.parametrize(
    ("placed", "given"),
    [
        (True, event("cycle/c-1", "CyclePlanned", cycle="c-1")),
        (True, event("campaign/c-1", "CampaignOpened", campaign="c-1")),
        (True, event("cycle/c-1", "PlanFiled", 2)),
        (True, event("retention/c-1", "ContentDestroyed")),
        (True, event("issue/c-1/1", "IssueFound")),
        (False, event("cycle/c-1", "PlanFiled")),
        (False, event("cycle/c-1", "CampaignOpened", cycle="c-1")),
        (False, event("cycle/c-1", "CyclePlanned", cycle="c-2")),
        (False, event("cycle/c-1", "CyclePlanned", 2, cycle="c-1")),
        (False, event("campaign/c-1", "CampaignReported")),
    ],
)
def test_an_opening_is_the_first_of_its_stream_and_names_it(placed, given):
    assert well_placed(given) is placed
