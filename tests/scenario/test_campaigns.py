"""Campaigns and plugins' own commands in a play, and groups made by counting."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
import sqlalchemy as sa
from inprocess import EchoingErrands, InProcessCampaigns, InProcessGateway

from engine.day import VARIABLE, today
from engine.host.scopes import ScopesError
from engine.host.switching import rehearse
from engine.scenario.errands import Ran, checked, seen
from engine.scenario.found import differences
from engine.scenario.groups import Run, elements
from engine.scenario.load import ScenarioError, find, load
from engine.scenario.offscript import OffScriptError
from engine.scenario.onlooker import CampaignOnlooker
from engine.scenario.play import Beside, play
from engine.vault.memory import InMemoryVault
from engine.views.projector import Projector
from engine.views.readings import Readings

ERRANDS = """
format: 1
title: {zh: 插件命令, en: Commands of a plugin}
start: 2021-07-01T09:00:00+08:00
units:
  - unit: east
    cycle: east-2021
    meeting: {day: 20}
    people: [{id: m01, called: 赵一, roles: [branch_secretary, member]}]
acts:
  - plugin: red_passbook
    run: [tickets, t1, t2]
    day: 3
    keeps: tickets
    sees: {tickets: "t[0-9]"}
  - plugin: red_passbook
    run: ["{cycle}", "{it}", "{today}", "4"]
    each: tickets
    sees: {marks: "(?m)^(4)$"}
  - {plugin: red_passbook, run: [refuse], refused: "^refuse$"}
"""


def written(tmp_path, text, *changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "own.yaml"
    file.write_text(text, "utf-8")
    return load(file)


async def played(scenario, folder):
    """Play it by the rules alone: the acts, how campaigns stand, the errands."""
    gateway, acts, errands = InProcessGateway(), [], EchoingErrands()
    projector = Projector(gateway.ledger, sa.create_engine(f"sqlite:///{folder}/views.db"))
    readings = Readings(gateway.ledger, projector)
    doors = CampaignOnlooker(InProcessCampaigns(gateway.ledger), readings)
    beside = Beside(campaigns=doors, errands=errands, look_at=doors.look_at)
    await play(
        scenario, gateway, InMemoryVault(), told=acts.append, limit_bytes=16384, beside=beside
    )
    return acts, [await doors.look_at(cast) for cast in scenario.campaigns], errands


@pytest.mark.parametrize("name", ["xiangyang", "jingshan"])
async def test_a_campaign_ends_as_its_file_says(tmp_path, name):
    scenario = load(find(name))
    acts, end, _ = await played(scenario, tmp_path)
    looks = [act for act in acts if act.campaigns]

    assert not list(differences(scenario, scenario.expect, (), end))
    for look in looks:
        assert not list(differences(scenario, look.act.expect, (), look.campaigns))


async def test_what_a_campaign_should_not_be_is_told_with_both_values(tmp_path):
    text = find("xiangyang").read_text("utf-8")
    scenario = written(tmp_path, text, ("guided: 107", "guided: 108"))
    _, end, _ = await played(scenario, tmp_path)
    wrong = list(differences(scenario, scenario.expect, (), end))

    assert [(d.what, d.expected, d.found) for d in wrong] == [
        ("xiangyang-2021 tally.guided", 108, 107)
    ]


async def test_played_again_it_has_another_name_everywhere(tmp_path):
    again = load(find("xiangyang")).numbered(2)
    _, end, _ = await played(again, tmp_path)

    assert [one.campaign for one in end] == ["xiangyang-2021-2"]
    assert not list(differences(again, again.expect, (), end))


async def test_an_errand_runs_on_its_day_and_what_it_said_can_be_used(tmp_path):
    acts, _, errands = await played(written(tmp_path, ERRANDS), tmp_path)

    assert [asked[2:] for asked in errands.asked] == [
        (("tickets", "t1", "t2"), "2021-07-04"),
        (("east-2021", "tickets", "2021-07-04", "4"), "2021-07-04"),
        (("east-2021", "t1", "2021-07-04", "4"), "2021-07-04"),
        (("east-2021", "t2", "2021-07-04", "4"), "2021-07-04"),
        (("refuse",), "2021-07-04"),
    ]
    assert [act.seen for act in acts] == [{"tickets": 2}, {"marks": 12}, {}]


@pytest.mark.parametrize(
    ("refused", "ran"),
    [
        ("", Ran(code=1, said="no")),
        ("no", Ran(code=0, said="no")),
        ("x", Ran(code=1, said="y")),
    ],
)
def test_an_errand_that_ends_otherwise_stops_the_play(tmp_path, refused, ran):
    errand = written(tmp_path, ERRANDS).acts[2].model_copy(update={"refused": refused})
    with pytest.raises(OffScriptError):
        checked(errand, ran, "1-1")


def test_numbers_are_seen_as_sums_or_as_how_often(tmp_path):
    errand = written(tmp_path, ERRANDS).acts[0]
    errand = errand.model_copy(update={"sees": {"total": r"(\d+) 分", "lines": "分"}})

    assert seen(errand, "a:3 分\nb:4 分\n") == {"total": 7, "lines": 2}


def test_a_rehearsed_day_holds_in_folders_of_rehearsals_alone(monkeypatch):
    monkeypatch.setenv(VARIABLE, "2021-07-04")

    assert today("var/plugins/red_passbook/_rehearsals/east") == date(2021, 7, 4)
    assert today("var/plugins/red_passbook/east") > date(2021, 7, 4)
    monkeypatch.delenv(VARIABLE)
    assert today("var/plugins/red_passbook/_rehearsals/east") > date(2021, 7, 4)


def test_counted_elements_are_padded_and_numbered_on():
    runs = (
        "a",
        Run.model_validate({"repeat": 2, "first": 9, "as": "c-{n}:65"}),
        Run.model_validate({"repeat": 1, "as": "x{n}"}),
    )

    assert elements(runs) == ("a", "c-09:65", "c-10:65", "x1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("campaign: jingshan-2021\n    day: 3", "campaign: nowhere\n    day: 3"),
            "no campaign",
        ),
        (("by: lead", "by: nobody"), "no person nobody"),
        (("each: searched", "each: unsearched"), "no group unsearched"),
        (("do: close_self_search", "do: file_plan"), "unknown"),
        (("[superior_officer]", "[member]"), "superior_officer"),
        (("bodies: 77}", "bodies: 0}"), "at least 1"),
        (("repeat: 69", "repeat: 6900"), "at most 5000"),
        (("expect:\n  campaign: jingshan-2021", "expect:\n  campaign: other"), "no campaign"),
    ],
)
def test_what_is_wrong_with_a_campaign_is_said_before_anything_is_sent(tmp_path, change, said):
    with pytest.raises(ScenarioError) as wrong:
        written(tmp_path, find("jingshan").read_text("utf-8"), change)

    assert any(said in problem for problem in wrong.value.problems)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("each: tickets", "each: stubs"), "no group stubs"),
        (('"^refuse$"', '"("'), "no pattern"),
    ],
)
def test_what_is_wrong_with_an_errand_is_said_too(tmp_path, change, said):
    with pytest.raises(ScenarioError, match=said):
        written(tmp_path, ERRANDS, change)


SWITCHED = ERRANDS.replace(
    "units:", 'scopes: |\n  [unit.east]\n  on = ["red_passbook"]\nunits:', 1
).replace(
    "acts:\n", "acts:\n  - {scopes: \"[unit.east]\\noff = ['red_passbook']\\n\", day: 1}\n", 1
)


async def test_what_is_said_of_plugins_changes_as_the_file_says(tmp_path):
    said = []
    gateway = InProcessGateway()
    beside = Beside(errands=EchoingErrands(), switch=said.append)
    scenario = written(tmp_path, SWITCHED)
    await play(
        scenario, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=1, beside=beside
    )

    assert said == [
        '[unit.east]\non = ["red_passbook"]\n',
        "[unit.east]\noff = ['red_passbook']\n",
    ]
    assert scenario.switches()


@pytest.mark.parametrize("wrong", ["[unit.east", "[unit.east]\\nwhy = 1"])
def test_a_plugins_file_that_says_nothing_sound_is_refused(tmp_path, wrong):
    with pytest.raises(ScenarioError, match=r"no plugins\.toml"):
        written(tmp_path, SWITCHED, ("[unit.east]\\noff = ['red_passbook']\\n", wrong))


def test_a_rehearsal_leaves_a_real_plugins_file_alone_and_takes_its_own_away(tmp_path):
    file = tmp_path / "plugins.toml"
    rehearse(file, "[province]\n")
    rehearse(file, "[unit.a]\n")
    assert tomllib.loads(file.read_text("utf-8")) == {"unit": {"a": {}}}
    rehearse(file, "")
    assert not file.exists()
    file.write_text("[province]\n", "utf-8")
    with pytest.raises(ScopesError, match="in real use"):
        rehearse(file, "[unit.a]\n")

    assert file.read_text("utf-8") == "[province]\n"


async def test_an_errand_waits_until_the_ledger_has_what_was_acknowledged(tmp_path):
    order, errands = [], EchoingErrands()

    async def look(unit, moment):
        order.append((unit.unit, len(errands.asked)))

    await play(
        written(tmp_path, ERRANDS), InProcessGateway(), InMemoryVault(), limit_bytes=16384,
        told=lambda _: None, look=look, beside=Beside(errands=errands),
    )  # fmt: skip

    assert order == [("east", 0), ("east", 1), ("east", 4)]
