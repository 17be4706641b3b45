"""Each colour is told once, in order, to the right people, by whatever pack is pinned."""

from __future__ import annotations

import pytest
from issue.life import SEALED, Life, day

from engine.issue.lights import light
from engine.policy.pack import load_pack, shipped

JIANGJIN, JINGDEZHEN, SANMING = (
    load_pack(name, years=(2021, 2023)) for name in ("jiangjin", "jingdezhen", "sanming")
)


def told(life):
    return [(e.light, e.on, e.to) for e in life.of("LightChanged")]


def day_by_day(life, days):
    for number in range(days):
        life.on(number)
    return life


def test_green_reminds_in_one_pack_and_means_done_in_another():
    reminded = Life(JIANGJIN).planned().on(71)
    done = Life(JINGDEZHEN).closed()

    assert light(reminded.issue, JIANGJIN, day(71)).colour == "green"
    assert light(done.issue, JINGDEZHEN, day(10)).colour == "green"
    assert light(reminded.issue, JINGDEZHEN, day(71)).colour != "green"


def test_jiangjin_tells_green_yellow_and_red_to_more_and_more_people():
    life = day_by_day(Life(JIANGJIN).planned(), 100)

    assert [(colour, on) for colour, on, _ in told(life)] == [
        ("green", day(70)), ("yellow", day(80)), ("red", day(91)),
    ]  # fmt: skip
    green, yellow, red = (to for _, _, to in told(life))
    assert green == ("own",)
    assert set(green) < set(yellow)
    assert "sec" in red


@pytest.mark.parametrize("asleep", [range(0, 100, 99), range(0, 100, 13), range(0, 100, 40)])
def test_a_worker_stopped_across_two_thresholds_tells_the_same(asleep):
    steady, stopped = Life(JIANGJIN).planned(), Life(JIANGJIN).planned()
    day_by_day(steady, 100)
    for number in (*asleep, 99):
        stopped.on(number)

    assert told(stopped) == told(steady)
    assert [e.step for e in stopped.of("EscalationRaised")] == [
        e.step for e in steady.of("EscalationRaised")
    ]


def test_a_pack_reviewed_weekly_changes_its_light_only_on_review_days():
    life = day_by_day(Life(JINGDEZHEN).planned(), 120)

    days = [(on - day(0)).days for _, on, _ in told(life)]
    assert days
    assert all(number % 7 == 0 for number in days)


def test_the_same_items_under_two_packs_have_two_right_answers():
    for name in shipped():
        pack = load_pack(name, years=(2021, 2023))
        once, twice = Life(pack).planned().on(95), Life(pack).planned()
        day_by_day(twice, 96)
        assert told(once) == told(twice), name


def test_slips_go_up_only_while_nobody_answers():
    life = Life(SANMING).planned()
    life.do("issue_slip", "sup", reason=SEALED)
    assert life.on(1).refused("issue_slip", "sup", reason=SEALED) == ["slip_too_soon"]
    for week in (1, 2):
        life.on(7 * week).do("issue_slip", "sup", reason=SEALED)
    slips = [colour for colour, _, _ in told(life) if colour in ("blue", "orange", "red")]

    assert slips == ["blue", "orange", "red"]
    assert life.on(21).refused("issue_slip", "sup", reason=SEALED) == ["no_further_slip"]
    life.do("answer_slip", "own", answer=SEALED).do("issue_slip", "sup", reason=SEALED)
    assert [c for c, _, _ in told(life)][-1] == "blue"


def test_a_pack_without_slips_refuses_them():
    assert Life(JIANGJIN).planned().refused("issue_slip", "sup", reason=SEALED) == [
        "no_further_slip"
    ]
