"""P05: of criticisms only their number goes upward; the texts stay with those present."""

from __future__ import annotations

import pytest
from cycle.stages import MEMBERS, NOW, after
from rights.ground import answered, criticised, evaluated

from engine.policy.calendar import local_day
from engine.refusal import Refused
from engine.views.account import account_of
from engine.views.lists import lists_of
from engine.views.past import Past
from engine.views.report import report_of
from engine.views.statistics import statistics

SAID = f"sealed:{'3' * 32}:{'4' * 64}"


def test_p05_what_goes_upward_counts_criticisms_and_refers_to_none():
    said = {"critic": "m04", "of": "m02", "aspect": "study", "problem": SAID,
        "suggestion": SAID}  # fmt: skip
    cycle = evaluated(
        ("record_criticism", "m03", said),
        ("confirm_criticism", "m04", {"item": 1}),
        answered(1, "m02", "accepted"),
    )
    past = Past(cycle=cycle, position=1, at=NOW, day=local_day(NOW))
    upward = [show(past) for show in (report_of, statistics, lists_of, account_of)]

    assert report_of(past).tally.counts["criticisms"] == 1
    assert [shown for shown in upward if SAID in shown.model_dump_json()] == []


@pytest.mark.parametrize(
    ("kind", "more"),
    [("confirm_criticism", {}), ("reply_to_criticism", {"outcome": "accepted"})],
)
def test_p05_no_refusal_says_between_whom_a_criticism_is(kind, more):
    cycle = evaluated(*criticised(1, "m04", "m02"))

    with pytest.raises(Refused) as refused:
        after(cycle, (kind, "m05", {"item": 1, **more}))
    said = (
        refused.value.sentence("zh") + refused.value.sentence("en") + str(refused.value.facts)
    )
    assert not [member for member in MEMBERS if member in said]
