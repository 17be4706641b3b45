"""Old events stay readable: the golden corpus and the mechanism that lifts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from engine.campaign import parse as campaigns
from engine.campaign.events import CampaignEvent
from engine.cycle.events import CycleEvent
from engine.cycle.parse import event_of
from engine.issue.events import IssueEvent
from engine.ledger.upcasts import upcast
from engine.record import EventEnvelope

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.stem)
def test_every_event_ever_written_can_be_read(path):
    envelopes = [EventEnvelope.model_validate(e) for e in json.loads(path.read_text("utf-8"))]

    assert envelopes
    for envelope in envelopes:
        reads = campaigns.event_of if envelope.stream.startswith("campaign/") else event_of
        assert reads(upcast(envelope)).kind == envelope.kind


def test_an_event_is_lifted_version_by_version():
    old = EventEnvelope(stream="cycle/a", version=1, kind="K", command="c", data={"a": 1})
    steps = {("K", 1): lambda d: {**d, "b": 2}, ("K", 2): lambda d: {**d, "c": 3}}

    new = upcast(old, steps)
    assert (new.schema_version, new.data) == (3, {"a": 1, "b": 2, "c": 3})
    assert new.event_id == old.event_id


def test_the_corpus_holds_every_kind_of_event():
    kinds = {e["kind"] for path in CORPUS for e in json.loads(path.read_text("utf-8"))}
    every = (*get_args(CycleEvent), *get_args(IssueEvent), *get_args(CampaignEvent))
    known = {t.model_fields["kind"].default for t in every}

    assert kinds == known
