"""The account and the three lists: one ledger, same issues, same order."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.policy.pack import load_pack
from engine.views.account import account_of
from engine.views.lists import lists_of
from engine.views.past import NOW, AsOf, past

WALL = datetime(2021, 9, 25, tzinfo=UTC)


@pytest.fixture
def now(told):
    return past(told.placed(), NOW, wall=WALL)


def row(now, number):
    return account_of(now).rows[number - 1]


def test_account_and_lists_have_the_same_issues_in_the_same_order(now):
    account, lists = account_of(now), lists_of(now)
    numbers = [r.issue for r in account.rows]

    assert numbers == [r.issue for r in lists.issues] == [r.issue for r in lists.duties]
    assert numbers == list(range(1, 10))
    assert [m.issue for m in lists.measures] == [1, 2, 2, 3, 4, 5, 8]
    assert (account.position, account.at, account.day) == (
        lists.position,
        lists.at,
        lists.day,
    )


def test_the_four_days_of_a_closed_issue_come_in_order(now):
    one = row(now, 1)
    four = [one.registered, one.reported, one.checked, one.cleared]

    assert four == [date(2021, 7, 12), date(2021, 8, 1), date(2021, 8, 1), date(2021, 8, 20)]
    assert (one.closed_on, one.disposition, one.standing) == (four[3], "rectified", "closed")
    assert (one.sample, one.satisfied, one.mass_rate) == (40, 40, "100%")
    assert one.days_left is None


def test_the_original_deadline_is_kept_beside_the_present_one(now):
    two = row(now, 2)

    assert (two.original_due, two.current_due) == (date(2021, 8, 31), date(2021, 9, 15))
    assert (two.extensions, two.mass_rate) == (1, "95%")


def test_an_overdue_issue_has_negative_days_left_and_a_settled_one_none(now):
    assert (row(now, 3).standing, row(now, 3).days_left) == ("overdue", -25)
    assert (row(now, 4).track, row(now, 4).days_left) == ("long_term", 15)
    assert (row(now, 6).disposition, row(now, 6).merged_into) == ("merged", 1)
    assert (row(now, 8).disposition, row(now, 8).days_left) == ("withdrawn", None)
    assert (row(now, 9).standing, row(now, 9).owner) == ("unclaimed", None)


def test_late_is_late_for_ever_also_when_the_public_sends_it_back(now):
    assert row(now, 5).late
    assert (row(now, 5).sample, row(now, 5).mass_rate) == (0, "")


def test_the_light_is_the_one_of_the_day(told):
    told.events[1] = told.events[1].model_copy(update={"policy": load_pack("jiangjin")})
    days = [date(2021, 8, 10), date(2021, 8, 11), date(2021, 8, 21), date(2021, 9, 1)]
    lit = [row(past(told.placed(), AsOf(day=day), wall=WALL), 3).light for day in days]

    assert lit == ["none", "green", "yellow", "red"]


def test_the_lists_say_track_days_and_who_is_above(now):
    lists = lists_of(now)
    extended = lists.measures[1]

    assert (extended.track, extended.start) == ("phased", date(2021, 7, 12))
    assert (extended.due, extended.until) == (date(2021, 8, 31), date(2021, 9, 15))
    assert lists.duties[1].verifiers == ("v1", "v2")
    assert lists.duties[8].superior == ("sup",)
