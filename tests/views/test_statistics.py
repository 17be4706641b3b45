"""Numbers reconcile: with their definitions, with each other, with their children."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st
from streams import SEALED
from views.conftest import AUGUST, story

from engine.cycle import events as c
from engine.issue import events as i
from engine.views.past import NOW, AsOf, past
from engine.views.statistics import (
    Rate,
    rate,
    rolled_up,
    statistics,
    summed,
    tally_of_nothing,
    unanimous,
)

WALL = datetime(2021, 9, 25, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent


def now(told, wall=WALL):
    return statistics(past(told.placed(), NOW, wall=wall))


def parts(found, name):
    return found.rates[name].numerator, found.rates[name].denominator


def test_closed_counts_over_claimed_without_the_withdrawn(told):
    found = now(told)

    assert (found.tally.counts["claimed"], found.tally.counts["withdrawn"]) == (6, 2)
    assert parts(found, "closure") == (2, 5)
    assert found.tally.counts["long_term"] == 1


def test_an_extension_does_not_make_a_late_closing_one_on_time(told):
    found = now(told)

    assert parts(found, "on_time") == (1, 2)
    assert found.tally.counts["extensions"] == 1


def test_what_the_public_rejected_leaves_every_completed_count(told):
    before = statistics(past(told.placed(), AsOf(day=date(2021, 9, 19)), wall=WALL))
    after = now(told)
    completed = ("measures_done", "measures_verified", "applied")

    assert [before.tally.counts[n] - after.tally.counts[n] for n in completed] == [1, 1, 1]
    assert after.tally.counts["rejected"] == 1
    assert parts(before, "mass") == (79, 90)
    assert parts(after, "mass") == (79, 90), "who was not satisfied was asked all the same"


def test_late_stays_late_and_overdue_asks_for_the_day(told):
    counted = now(told).tally

    assert counted.counts["late_reports"] == 1
    assert (counted.counts["overdue"], counted.longest_overdue) == (2, 25)
    on_the_day = statistics(past(told.placed(), AsOf(day=AUGUST), wall=WALL)).tally
    assert (on_the_day.counts["overdue"], on_the_day.longest_overdue) == (0, 0)


def test_a_reopened_issue_is_no_closed_one(told):
    told.on(2021, 9, 22).issue(
        i.IssueReopened, 1, round=2, cause="rebound", reason=SEALED
    ).issue(i.DeadlineSet, 1, round=2, track="phased", due=date(2021, 12, 1))
    found = now(told)

    assert parts(found, "closure") == (1, 5)
    assert (found.tally.counts["reopened"], found.tally.standings["reopened"]) == (1, 1)


def test_preparation_and_meeting_are_counted(told):
    found = now(told)

    assert parts(found, "talks") == (2, 3)
    assert parts(found, "attendance") == (2, 3)
    assert found.tally.opinions == {
        "form": {"issued": 10, "returned": 9, "valid": 8, "opinions": 12}
    }


def test_a_member_with_whom_a_talk_was_required_is_to_be_talked_to_though_excused(told):
    told.cycle(c.GateExempted, member="m03", gate="talks", reason=SEALED)
    excused = now(told)
    required = {"talker": "secretary", "content": SEALED, "to": ("m03", "m01")}
    told.cycle(c.TalkRequired, member="m03", **required)
    still = now(told)
    for by, other in (("m01", "m03"), ("m03", "m01")):
        told.cycle(c.TalkConfirmed, by, talk="t2", other=other, held_on=told.day)

    assert parts(excused, "talks") == (2, 2)
    assert parts(still, "talks") == (2, 3)
    assert parts(now(told), "talks") == (3, 3)


def test_a_key_measure_is_verified_by_two(told):
    told.on(2021, 9, 21).issue(i.SeverityRaised, 1, reason=SEALED)

    assert now(told).tally.counts["measures_verified"] == 2


@given(st.dates(date(2021, 7, 1), date(2021, 9, 25)))
def test_standings_and_ends_add_up_to_what_was_found(day):
    counted = statistics(past(story().placed(), AsOf(day=day), wall=WALL)).tally
    n = counted.counts

    assert sum(counted.standings.values()) == n["found"]
    assert n["open"] + n["closed"] + n["settled"] == n["found"]
    assert n["merged"] + n["explained"] + n["out_of_remit"] + n["withdrawn"] == n["settled"]


@settings(max_examples=30)
@given(st.lists(st.integers(1, len(story().events)), min_size=1, max_size=4))
@example([1])
def test_every_total_is_the_sum_of_its_children(lengths):
    pasts = [
        past(story(f"c-{n}").placed()[:length], NOW, wall=WALL)
        for n, length in enumerate(lengths)
    ]
    together = rolled_up(pasts)
    alone = [statistics(p).tally for p in pasts]

    for name, total in together.total.counts.items():
        assert total == sum(t.counts[name] for t in alone)
    for name, total in together.total.standings.items():
        assert total == sum(t.standings[name] for t in alone)
    for channel, sheets in together.total.opinions.items():
        for name, total in sheets.items():
            assert total == sum(t.opinions.get(channel, {}).get(name, 0) for t in alone)
    assert together.total.longest_overdue == max(t.longest_overdue for t in alone)


def test_the_total_of_nothing_has_every_counter_at_nought(told):
    nothing, something = rolled_up(()), now(told).tally

    assert nothing.total == tally_of_nothing() == summed([])
    assert nothing.total.counts.keys() == something.counts.keys()
    assert summed([nothing.total, something]) == something
    assert {r.percent for r in nothing.rates.values()} == {""}


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [(39, 40, "97.5%"), (40, 40, "100%"), (1999, 2000, "99.9%"), (0, 7, "0%"), (0, 0, "")],
)
def test_only_a_whole_reads_100(numerator, denominator, percent):
    assert rate(numerator, denominator).percent == percent


def test_unanimous_is_said_of_everybody_and_of_somebody():
    said = [unanimous(rate(n, of)) for n, of in ((40, 40), (39, 40), (0, 0))]

    assert said == [True, False, False]
    assert unanimous(Rate(numerator=1, denominator=1, percent="100%"))


def test_every_number_is_defined_in_the_manual(told):
    found = now(told)
    manual = (ROOT / "docs" / "reports.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(\w+)` \|", manual, re.MULTILINE))
    named = {*found.tally.counts, *found.tally.standings, *found.rates, "longest_overdue"}

    assert named == rows
