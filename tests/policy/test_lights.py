"""The same issue under another policy has another light, and both are right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.policy.lights import behind, changes_on, light, review_day

from .samples import (
    CLOSED,
    DEFAULT,
    DONE,
    DUE,
    FIRST,
    GUANGYUAN,
    JIANGJIN,
    JINGDEZHEN,
    OPEN,
    SANMING,
    SLOW,
    SUQIAN,
    XIAN,
)

LONG = replace(OPEN, long_term=True)
RETURNED = replace(OPEN, returned=1)


def before(days):
    return DUE - timedelta(days=days)


def colour(standing, policy, day):
    rule = light(standing, policy, day)
    return rule and rule.colour


def test_green_is_the_first_reminder_in_jiangjin_and_done_in_jingdezhen():
    reminded, closed = (
        [colour(standing, policy, before(20)) for policy in (JIANGJIN, JINGDEZHEN)]
        for standing in (OPEN, CLOSED)
    )

    assert reminded == ["green", "yellow"]
    assert closed == [None, "green"]


@pytest.mark.parametrize(
    ("policy", "standing", "day", "expected"),
    [
        (JIANGJIN, OPEN, before(21), None),
        (JIANGJIN, OPEN, before(11), "green"),
        (JIANGJIN, OPEN, before(10), "yellow"),
        (JIANGJIN, OPEN, before(0), "yellow"),
        (JIANGJIN, OPEN, before(-1), "red"),
        (JIANGJIN, DONE, before(10), None),
        (JINGDEZHEN, OPEN, before(50), "yellow"),
        (JINGDEZHEN, SLOW, before(6), "red"),
        (JINGDEZHEN, DONE, before(-30), "yellow"),
        (JINGDEZHEN, LONG, before(6), "blue"),
        (XIAN, OPEN, before(4), None),
        (XIAN, OPEN, before(3), "yellow"),
        (XIAN, OPEN, before(-1), "red"),
        (SUQIAN, OPEN, before(10), "blue"),
        (SUQIAN, RETURNED, before(10), "yellow"),
        (SUQIAN, SLOW, before(10), "yellow"),
        (SUQIAN, SLOW, before(-1), "red"),
        (GUANGYUAN, SLOW, before(10), "yellow"),
        (GUANGYUAN, SLOW, before(-1), "red"),
        (SANMING, SLOW, before(-1), None),
        (SANMING, replace(OPEN, slips=1), before(50), "blue"),
        (SANMING, replace(OPEN, slips=2), before(50), "orange"),
        (SANMING, replace(OPEN, slips=3), before(50), "red"),
        (SANMING, replace(OPEN, slips=4), before(50), "red"),
        (DEFAULT, OPEN, before(50), "green"),
        (DEFAULT, OPEN, before(10), "yellow"),
        (DEFAULT, SLOW, before(50), "orange"),
        (DEFAULT, RETURNED, before(50), "orange"),
        (DEFAULT, LONG, before(50), "blue"),
        (DEFAULT, DONE, before(50), "yellow"),
        (DEFAULT, DONE, before(-1), "red"),
        (DEFAULT, CLOSED, before(-1), "green"),
    ],
)
def test_a_pack_gives_the_light_it_describes(policy, standing, day, expected):
    assert colour(standing, policy, day) == expected


def test_each_light_says_who_is_told_and_how():
    told = {
        rule.colour: (rule.to, rule.instrument)
        for rule in (*JIANGJIN.lights, *XIAN.lights[1:])
        if rule.colour != "yellow" or rule.days == 10
    }

    assert told == {
        "green": (("owner",), "letter"),
        "yellow": (("owner", "leader"), "letter"),
        "red": (("secretary", "committee", "unit_head"), "letter"),
    }
    assert {(r.to, r.instrument) for r in XIAN.lights} == {(("everyone",), "push")}


def test_the_second_yellow_costs_a_point_in_guangyuan_and_red_two():
    red, yellow = GUANGYUAN.lights

    assert (yellow.points, yellow.repeat) == (-1, 2)
    assert (red.points, red.repeat, "unit_head" in red.to) == (-2, 1, True)


def test_progress_may_lag_the_time_by_the_tolerance_and_no_more():
    halfway = FIRST + timedelta(days=45)

    assert not behind(replace(OPEN, percent=30), DEFAULT, halfway)
    assert behind(replace(OPEN, percent=29), DEFAULT, halfway)
    assert not behind(replace(OPEN, percent=80), DEFAULT, DUE)


def test_unfinished_work_is_behind_after_its_day_whatever_the_tolerance():
    late = before(-1)

    assert behind(OPEN, DEFAULT, late)
    assert not behind(DONE, DEFAULT, late)
    assert not behind(CLOSED, DEFAULT, late)


def test_a_policy_without_lights_shows_none_and_never_changes():
    dark = DEFAULT.model_copy(update={"lights": ()})

    assert light(OPEN, dark, DUE) is None
    assert changes_on(OPEN, dark, after=FIRST) is None


def test_time_changes_a_light_on_the_days_the_policy_names():
    assert changes_on(OPEN, JIANGJIN, after=FIRST) == before(20)
    assert changes_on(OPEN, JIANGJIN, after=before(20)) == before(10)
    assert changes_on(OPEN, JIANGJIN, after=before(10)) == before(-1)
    assert changes_on(OPEN, JIANGJIN, after=before(-1)) is None
    assert changes_on(CLOSED, JIANGJIN, after=FIRST) is None


def test_a_light_changes_on_the_day_the_work_falls_behind():
    falls = changes_on(SLOW, DEFAULT, after=FIRST)

    assert falls == FIRST + timedelta(days=28)
    assert (colour(SLOW, DEFAULT, falls - timedelta(days=1)), colour(SLOW, DEFAULT, falls)) == (
        "green",
        "orange",
    )


def test_under_weekly_review_a_change_shows_on_the_next_review_day():
    falls = FIRST + timedelta(days=28)
    slow = replace(SLOW, percent=13)  # behind two days later, reviewed five days after that

    assert colour(slow, JINGDEZHEN, falls + timedelta(days=6)) == "yellow"
    assert colour(slow, JINGDEZHEN, falls + timedelta(days=7)) == "red"
    assert review_day(slow, JINGDEZHEN, falls + timedelta(days=6)) == falls
    assert changes_on(slow, JINGDEZHEN, after=falls) == falls + timedelta(days=7)
    assert changes_on(CLOSED, JINGDEZHEN, after=falls) is None


def test_a_deadline_at_the_end_of_time_breaks_nothing():
    endless = replace(OPEN, due=date.max)

    assert colour(endless, DEFAULT, FIRST) == "green"
    assert changes_on(endless, DEFAULT, after=FIRST) == date.max - timedelta(days=10)
