"""The cycle of Nanzhang, played by the rules alone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inprocess import InProcessGateway

from engine.cycle.evolve import folded
from engine.cycle.parse import event_of
from engine.host.discovery import discover, roster
from engine.host.host import Host
from engine.plan.calls import collect
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.scenario.model import ScenarioError, find, load
from engine.scenario.play import OffScriptError, play
from engine.vault.memory import InMemoryVault

SCENARIO = load(find("nanzhang"))


def contributions():
    found = discover(None, frozenset({"open_door"}))
    host, present = Host(found), roster(found)
    context = PlanContext(
        cycle="c", unit="u", opened_at=datetime(2021, 7, 1, tzinfo=UTC), core_steps=CORE_STEPS,
        people=SCENARIO.opening().people,
    )  # fmt: skip
    return collect(present, [host.invoke(call) for call in present.calls(context)])


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

    assert not any(person.called in ledger for person in SCENARIO.people)
    assert "读书笔记" not in ledger


def test_a_wrong_file_is_refused_with_every_problem(tmp_path):
    text = find("nanzhang").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        text.replace('do = "accept_filing"', 'do = "accept_filings"').replace(
            'by = "r1"', 'by = "r9"'
        )
    )

    with pytest.raises(ScenarioError) as refused:
        load(Path(wrong))
    places = [problem.split(":")[0] for problem in refused.value.problems]
    assert len(places) == 5
    assert all(re.fullmatch(r"line \d+, act \d+ \(\w+\)", place) for place in places)


def test_an_unknown_scenario_is_answered_with_the_known_ones():
    with pytest.raises(ScenarioError, match="nanzhang"):
        find("nowhere")


def written(tmp_path, *changes):
    text = find("nanzhang").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "changed.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_field_of_the_wrong_shape_is_named_with_its_line(tmp_path):
    file = written(tmp_path, ('do = "accept_filing"', 'dont = "accept_filing"'))
    line = 1 + file.read_text("utf-8").split("\n").index('dont = "accept_filing"')

    with pytest.raises(ScenarioError) as refused:
        load(file)
    assert any(p.startswith(f"line {line - 1}, act 2: do") for p in refused.value.problems)


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"cycle = ", b""])
def test_what_is_no_scenario_at_all_is_refused_in_words(tmp_path, raw):
    file = tmp_path / "broken.toml"
    file.write_bytes(raw)

    with pytest.raises(ScenarioError):
        load(file)


@pytest.mark.parametrize(
    "change",
    [
        ('refused = ["already_claimed"]', ""),
        ('facts = { guest = "g6" }', 'facts = { guest = "g5" }'),
        ('refused = ["speech_missing", "items_missing"]', 'refused = ["speech_missing"]'),
        ('do = "accept_filing"', 'do = "accept_filing"\nrefused = ["wrong_status"]'),
    ],
)
async def test_an_answer_off_the_script_stops_the_play(tmp_path, change):
    script = load(written(tmp_path, change))

    with pytest.raises(OffScriptError):
        await play(
            script, InProcessGateway(contributions()), InMemoryVault(),
            told=lambda _: None, limit_bytes=16384,
        )  # fmt: skip
