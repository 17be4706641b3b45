"""Two reports are equal or every difference is named."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.views.compare import differences
from engine.views.past import NOW, AsOf, past
from engine.views.report import report_of

WALL = datetime(2021, 9, 25, tzinfo=UTC)


def dumped(told, as_of):
    return report_of(past(told.placed(), as_of, wall=WALL)).model_dump(mode="json")


def test_a_report_equals_itself(told):
    assert not list(differences(dumped(told, NOW), dumped(told, NOW)))


def test_every_difference_has_its_path_and_both_values(told):
    before, now = dumped(told, AsOf(day=date(2021, 9, 19))), dumped(told, NOW)
    found = {d.path: (d.saved, d.now) for d in differences(before, now)}

    assert found["day"] == ("2021-09-19", "2021-09-25")
    assert found["tally.counts.rejected"] == (0, 1)
    assert found["annexes.measures[6].done"] == (True, False)


def test_a_missing_part_and_another_type_are_differences():
    found = [d.path for d in differences({"a": [1, 2], "b": 1}, {"a": [1], "b": True, "c": 0})]

    assert found == ["a[2]", "b", "c"]


def test_the_report_has_votes_open_matters_and_annexes(told):
    report = report_of(past(told.placed(), NOW, wall=WALL))

    assert [(v.motion, v.outcome) for v in report.votes] == [("v1", "carried")]
    assert [m.issue for m in report.open_matters] == [3, 4, 5, 9]
    assert (report.meetings[0].due, report.meetings[0].present) == (3, 2)
    assert [p.step for p in report.preparation][:2] == ["plan", "filing"]
    assert len(report.annexes.issues) == report.tally.counts["found"] == 9
