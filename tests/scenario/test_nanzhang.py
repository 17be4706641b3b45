"""The cycle of Nanzhang, played by the rules alone."""

from __future__ import annotations

from collections import Counter

import pytest
from inprocess import InProcessGateway
from rehearsal import NANZHANG, contributions

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault

SCENARIO = NANZHANG


@pytest.fixture(scope="module")
async def played():
    gateway, acts = InProcessGateway(contributions()), []
    await play(SCENARIO, gateway, InMemoryVault(), told=acts.append, limit_bytes=16384)
    return gateway, acts


def test_the_whole_cycle_runs_to_the_archive(played):
    cycle = played[0].cycles[SCENARIO.cycle]

    assert cycle.status == "archived"
    assert {issue.status for issue in cycle.issues} == {"closed"}
    assert (len(cycle.issues), sum(len(i.measures) for i in cycle.issues)) == (8, 10)


def test_six_are_invited_and_six_speak_and_closing_at_five_names_the_sixth(played):
    gateway, acts = played
    closed = next(
        r.event.data for r in gateway.ledger.read(limit=9999) if r.event.kind == "MeetingClosed"
    )
    refused = next(a for a in acts if a.act.do == "close_meeting" and a.reasons)

    assert (closed["invited"], closed["spoke"], closed["full_session"]) == (6, 6, 6)
    assert [r.facts["guest"] for r in refused.reasons if r.code == "speech_missing"] == ["g6"]


def test_an_open_gate_beats_an_arrived_day(played):
    refused = next(a for a in played[1] if a.act.do == "open_meeting" and a.reasons)

    assert [r.code for r in refused.reasons] == ["gate_open"]
    assert refused.reasons[0].facts == {"gate": "study", "missing": ("m18",)}


def test_the_ledger_folds_back_to_the_same_cycle(played):
    gateway, _ = played
    events = [event_of(r.event) for r in gateway.ledger.read(limit=9999)]

    assert folded(events) == gateway.cycles[SCENARIO.cycle]
    assert gateway.ledger.verify().ok


def test_the_public_veto_is_in_the_events(played):
    kinds = Counter(r.event.kind for r in played[0].ledger.read(limit=9999))

    assert (kinds["MassRejected"], kinds["IssueReturned"], kinds["IssueClosed"]) == (1, 1, 8)
    assert kinds["NoticeExpired"] == 8


def test_no_text_of_the_scenario_is_in_any_event(played):
    ledger = "".join(r.event.model_dump_json() for r in played[0].ledger.read(limit=9999))

    assert not any(person.called in ledger for person in SCENARIO.units[0].people)
    assert "读书笔记" not in ledger
