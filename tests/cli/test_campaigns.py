"""``taizhang campaign``: 106 of 107, the missing one by its id, and the split by tier."""

from __future__ import annotations

import json

import pytest
from campaign.roster import EVERY, OPENING


@pytest.fixture
def city(taizhang):
    """A command line with a campaign in which all but the last body have filed."""
    opening = OPENING.model_dump_json()
    assert taizhang("campaign", "open", "-", stdin=opening).exit_code == 0
    body = json.dumps({"bodies": EVERY[:-1]})
    done = taizhang(
        "campaign", "do", "city-2021", "file_body_plans", "--by", "sup", "--json", body
    )
    assert "单位方案已报 ×5" in done.stdout
    return taizhang


def test_it_shows_how_many_of_how_many_and_names_the_missing_one(city):
    shown = city("campaign", "show", "city-2021").stdout

    assert [words for words in ("5/6", "2/2", "3/3", "0/1") if words not in shown] == []
    assert "还差方案:o1" in shown
    assert "另有 1 个" in shown


def test_the_split_by_tier_is_there_for_machines(city):
    found = city.data("campaign", "show", "city-2021")

    assert [(tier["tier"], tier["filed"]) for tier in found["tiers"]] == [
        ("county", 2), ("unit", 3), ("college", 0),
    ]  # fmt: skip
    assert found["missing"]["filed"] == ["o1"]


def test_a_campaign_is_listed_and_has_a_history(city):
    assert city("campaign", "list", "-o", "ids").stdout.split() == ["city-2021"]
    assert city("campaign", "history", "city-2021").stdout.count("单位方案已报") == 5


def test_the_self_search_shows_counts_of_tiers_and_of_no_body(city):
    body = {"body": "c1", "members": 9, "study": 4, "thought": 3, "action": 2}
    city(
        "campaign", "do", "city-2021", "close_self_search", "--by", "lead", "--json",
        json.dumps(body),
    )  # fmt: skip
    found = city.data("campaign", "show", "city-2021")

    del body["body"]

    assert found["total"]["search"] == {**body, "bodies": 1, "too_few": 0}
    assert "查摆" in city("campaign", "show", "city-2021").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nowhere"), "没有活动 nowhere"),
        (("do", "nowhere", "report_campaign", "--by", "sup"), "没有正在进行的活动 nowhere"),
        (("do", "Ö", "report_campaign", "--by", "sup"), "没有正在进行的活动"),
        (("do", "city-2021", "report_campaign", "--by", "sup"), "[bodies_behind]"),
        (("do", "city-2021", "guess", "--by", "sup"), "[bad_command]"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_reason(city, words, said):
    done = city("campaign", *words)

    assert done.exit_code == 1
    assert said in done.stderr


def test_a_campaign_is_opened_once_and_a_wrong_file_names_every_field(city):
    again = city("campaign", "open", "-", stdin=OPENING.model_dump_json())
    wrong = city("campaign", "open", "-", stdin='{"campaign": "X", "by": "sup"}')

    assert (again.exit_code, "已经存在" in again.stderr) == (1, True)
    assert [w for w in ("campaign:", "bodies:", "people:") if w not in wrong.stderr] == []


def test_the_views_of_cycles_read_past_a_campaign(city):
    assert city.data("cycle", "list") == []
    assert city("ledger", "rebuild").exit_code == 0
