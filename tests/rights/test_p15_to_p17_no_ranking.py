"""P15 to P17, P25: no ranking, no quota, no score of a person; points become no grade."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from cycle.stages import MEMBERS, NOW, SEALED, after, item
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel
from rights.ground import BALLOTS, GRADED, criticised, criticising, evaluated
from typer.main import get_command

from engine.campaign.commands import CampaignCommand
from engine.campaign.events import CampaignEvent
from engine.cli.app import application
from engine.cycle import commands, events, state
from engine.cycle.commands import CycleCommand
from engine.cycle.events import CycleEvent
from engine.issue.events import IssueEvent
from engine.people.roles import ACTS
from engine.policy.calendar import local_day
from engine.policy.model import Policy
from engine.refusal import Refused
from engine.settings import Settings
from engine.views.account import Account, account_of
from engine.views.appeals import AppealRow
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import Past
from engine.views.readings import Readings
from engine.views.report import SituationReport, report_of
from engine.views.statistics import (
    RATES,
    STANDINGS,
    RollUp,
    Statistics,
    statistics,
    tally_of_nothing,
)
from engine.views.tables import LIVE

WORDS = {
    "rank", "ranks", "ranked", "ranking", "rankings", "score", "scores", "scored", "scoring",
    "quota", "quotas", "leaderboard", "league", "top", "best", "worst", "percentile",
}  # fmt: skip
ACTS_BARRED = {"chair_by_rank"}
"""Named in the table of roles so that nobody may ever do it."""

ENGINE = Path(__file__).parent.parent.parent / "engine"


def models(kind) -> Iterator[str]:
    """Every field of a record, and of the records inside it."""
    for name, field in kind.model_fields.items():
        yield name
        for part in parts(field.annotation):
            yield from models(part)


def parts(annotation) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from parts(inner)


def options(command, path="") -> Iterator[str]:
    """Every command of the terminal with its arguments and options."""
    yield path
    for parameter in command.params:
        yield from (parameter.name, *parameter.opts)
    for name, below in getattr(command, "commands", {}).items():
        yield from options(below, name)


RECORDS = (
    *get_args(CycleCommand), *get_args(CycleEvent), *get_args(IssueEvent),
    *get_args(CampaignCommand), *get_args(CampaignEvent), commands.OpenCycle,
    ThreeLists, SituationReport, Account, Statistics, RollUp, AppealRow, Policy,
)  # fmt: skip

PARTS = SimpleNamespace(settings=Settings())
KINDS = [record for record in RECORDS if "kind" in record.model_fields]


def public_names() -> dict[str, set[str]]:
    """Everything the world can ask for or is shown, by where it is."""
    return {
        "records": {name for kind in RECORDS for name in models(kind)},
        "kinds": {str(k.model_fields["kind"].default) for k in KINDS},
        "acts": set(ACTS) - ACTS_BARRED,
        "columns": {column.name for table in LIVE.rows for column in table.columns},
        "counters": {*tally_of_nothing().counts, *RATES, *STANDINGS},
        "readings": {name for name in dir(Readings) if not name.startswith("_")},
        "terminal": set(options(get_command(application(PARTS)))),
    }  # fmt: skip


def barred(names) -> set[str]:
    return {n for n in names if WORDS & set(re.split(r"[^a-z]+", n.lower()))}


@pytest.mark.parametrize("where", sorted(public_names()))
def test_p15_nothing_public_ranks_scores_or_sets_a_quota(where):
    names = public_names()[where]

    assert len(names) > 5
    assert barred(names) == set()


@pytest.mark.parametrize("name", ["top_critics", "score", "criticism_quota", "--rank"])
def test_p15_the_walk_would_find_one(name):
    assert barred({name, "criticisms"}) == {name}


def per_person(value, persons, at="") -> Iterator[str]:
    """Where ``value`` gives a person a number of criticisms, or any number by their id."""
    if isinstance(value, dict):
        named = persons & {v for v in value.values() if isinstance(v, str)}
        for key, inner in value.items():
            counted = isinstance(inner, int) and not isinstance(inner, bool)
            if counted and (key in persons or (named and "critic" in key)):
                yield f"{at}/{key}"
            yield from per_person(inner, persons, f"{at}/{key}")
    if isinstance(value, list):
        for inner in value:
            yield from per_person(inner, persons, at)


def reports():
    """Every report of a cycle with criticism, grades, an issue and an exempted member."""
    found = {
        "content": SEALED, "category": "xue", "sources": ["criticism"], "criticism": 1,
        "subject_kind": "member", "subject": "m02", "critics": ["m04"],
    }  # fmt: skip
    cycle = evaluated(
        *criticised(1, "m04", "m02", "accepted"), *criticised(2, "m03", "m02", "accepted")
    )
    cycle = after(cycle, ("find_issue", "m03", found), ("claim_issue", "m02", {"issue": 1}))
    cycle = replace(cycle, exempt={"m05": ("study", "talks")})
    past = Past(cycle=cycle, position=1, at=NOW, day=local_day(NOW))
    made = (f(past) for f in (statistics, report_of, lists_of, account_of))
    return [json.loads(report.model_dump_json()) for report in made]


def test_p15_no_report_counts_criticism_by_person():
    for report in reports():
        assert list(per_person(report, set(MEMBERS))) == []


def test_p15_a_count_by_person_would_be_found():
    assert list(per_person({"by": {"m01": 3}}, {"m01"})) == ["/by/m01"]
    row = {"rows": [{"person": "m01", "criticisms": 3}]}
    assert list(per_person(row, {"m01"})) == ["/rows/criticisms"]


def test_p16_a_meeting_without_any_criticism_closes():
    try:
        against = () if evaluated().meeting.closed else ("not closed",)
    except Refused as refused:
        against = refused.reasons

    assert list(against) == []


def test_p16_no_person_in_the_state_carries_a_number():
    for kind in (state.Criticism, state.Proposal, state.Appeal):
        assert "int" not in {str(f.type) for f in kind.__dataclass_fields__.values()}


def test_p17_nothing_of_a_verdict_knows_points():
    for record in (
        commands.ProposeVerdict, commands.TellVerdict, events.VerdictProposed,
        events.VerdictTold, events.PollCounted,
    ):  # fmt: skip
        assert "points" not in record.model_fields
    tree = ast.parse((ENGINE / "cycle" / "verdicts.py").read_text("utf-8"))
    read = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}

    assert read.isdisjoint({"points", "light", "lights", "PollCounted", "polled"})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=5, max_size=5))
def test_p17_no_count_becomes_a_grade(ballots):
    sums = {"excellent": sum(ballots), "unqualified": len(ballots) - sum(ballots)}
    counted = [("count_poll", "m03", {"member": m, **sums}) for m in GRADED]
    polled = after(AT_THE_POLL, *counted)

    assert (polled.proposals, polled.told) == ({}, ())


AT_THE_POLL = after(criticising(evaluation=True), item("poll"), *BALLOTS)


def test_p25_no_report_names_whoever_is_exempted_nor_from_what():
    for report in reports():
        assert "m05" not in json.dumps(report)
        assert "exempt" not in json.dumps(report)


def test_p25_the_exempted_are_not_counted_as_missing():
    counts = reports()[0]["tally"]["counts"]

    assert counts["to_talk"] == len(MEMBERS) - 1
