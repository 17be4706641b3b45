"""What holds for every issue under every light policy."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from engine.policy.calendar import is_working_day, working_days, working_days_after
from engine.policy.lights import Standing, changes_on, light, review_day
from engine.policy.pack import LightRule, load_pack, shipped

from .samples import DEFAULT, FIRST

PACKS = [load_pack(name) for name in shipped()]
SPAN = 120
near = st.integers(-20, SPAN).map(lambda n: FIRST + timedelta(days=n))
standings = st.builds(
    Standing,
    started=near,
    due=near,
    percent=st.integers(0, 100),
    done=st.booleans(),
    closed=st.booleans(),
    long_term=st.booleans(),
    returned=st.integers(0, 2),
    slips=st.integers(0, 4),
)
rules = st.builds(
    LightRule,
    colour=st.sampled_from(["green", "blue", "yellow", "orange", "red"]),
    when=st.sampled_from(
        ["days_left", "overdue", "done", "awaiting", "on_pace", "behind", "poor",
         "long_term", "slip"]
    ),
    days=st.none() | st.integers(0, 30),
    slip=st.none() | st.integers(1, 3),
)  # fmt: skip
policies = st.sampled_from(PACKS) | st.builds(
    lambda lights, review, tolerance: DEFAULT.model_copy(
        update={
            "lights": tuple(lights),
            "light_review_days": review,
            "behind_tolerance": tolerance,
        }
    ),
    st.lists(rules, max_size=5),
    st.none() | st.integers(1, 10),
    st.sampled_from(["1/5", "1", "0.01"]),
)


def days_from(day):
    return [day + timedelta(days=n) for n in range(1, 2 * SPAN)]


@given(standings, policies, near)
def test_waiting_for_the_next_change_skips_none(standing, policy, after):
    told = changes_on(standing, policy, after=after)
    seen = light(standing, policy, after)
    first = next((d for d in days_from(after) if light(standing, policy, d) != seen), None)

    assert told is None or told > after
    if first is not None:
        assert told is not None
        assert told <= first
        if policy.light_review_days is None:
            assert told == first


@given(standings, policies, near)
def test_walking_from_change_to_change_sees_what_watching_every_day_sees(
    standing, policy, after
):
    walked = {after}
    while (day := changes_on(standing, policy, after=max(walked))) is not None:
        walked.add(day)
        if day > after + timedelta(days=2 * SPAN):
            break
    shown = light(standing, policy, after)
    for day in days_from(after):
        shown = light(standing, policy, day) if day in walked else shown
        assert shown == light(standing, policy, day)


@given(standings, policies, near)
def test_under_review_the_light_waits_for_a_review_day(standing, policy, after):
    told = changes_on(standing, policy, after=after)

    assert told is None or review_day(standing, policy, told) == told


@given(near, st.integers(1, 60))
def test_counting_on_and_counting_back_agree(start, count):
    found = working_days_after(start, count, DEFAULT, rule="r")

    assert working_days(start + timedelta(days=1), found.day, DEFAULT) == count
    assert is_working_day(found.day, DEFAULT)
    assert (found.day - start).days == count + len(found.skipped)


@given(st.dates(date(2020, 1, 1), date(2024, 1, 1)))
def test_a_day_that_is_skipped_is_never_worked(start):
    found = working_days_after(start, 10, DEFAULT, rule="r")

    assert not any(is_working_day(day, DEFAULT) for day in found.skipped)
