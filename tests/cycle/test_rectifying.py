"""A cycle holds its issues to their end: archive, halt, look-back, calendar, order of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cycle.stages import NOW, SEALED, after, closed, codes
from issue.life import Life

from engine.cycle.decide import decide
from engine.cycle.evolve import fold
from engine.cycle.parse import parse
from engine.cycle.timely import next_due, over, time_passed
from engine.issue.aftercare import sample
from engine.policy.almanac import seeded
from engine.policy.pack import pack_for

FOUND = ("find_issue", "m04", {"content": SEALED, "category": "study", "sources": ["form"]})
REPORTED = (
    ("complete_lists", "m02", {}), ("submit_report", "m01", {"content": SEALED}),
    ("accept_report", "sup", {}),
    ("record_step", "sup", {"step": "publication", "evidence": SEALED}),
    ("record_step", "sup", {"step": "look_back", "evidence": SEALED}),
)  # fmt: skip


def at(day):
    return NOW + timedelta(days=day)


def rectifying(count=1):
    """A closed meeting with issues that m03 has claimed and measured."""
    acts = [FOUND] * count
    for n in range(1, count + 1):
        acts.append(("claim_issue", "m03", {"issue": n}))
        measure = {"issue": n, "content": SEALED, "standard": SEALED, "due": "2021-08-10"}
        acts.append(("add_measure", "m03", measure))
    return after(closed(), *acts)


def passing(state, day):
    """Let time pass until ``day``."""
    return fold(state, time_passed(state, now=at(day)))


def with_closed(state, count, *, severity="normal"):
    """The cycle with ``count`` signed-off issues, closed one a day."""
    ready = Life().closed().issue
    issues = tuple(
        replace(
            ready, number=n, severity=severity if n == 1 else "normal",
            closed_at=(at(n),),
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    return replace(state, issues=issues)


def test_the_file_is_archived_only_with_a_named_successor_for_each_open_issue():
    state = after(rectifying(2), *REPORTED)
    assert codes(state, "archive_cycle", "arc") == ["issues_open"]

    over_to = {"successor": "m02", "reason": SEALED}
    state = after(state, ("hand_over_issue", "m01", {"issue": 1, **over_to}))
    assert codes(state, "archive_cycle", "arc") == ["issues_open"]
    state = after(state, ("hand_over_issue", "m01", {"issue": 2, **over_to}))
    state = after(state, ("archive_cycle", "arc", {}))

    assert state.status == "archived"
    assert not over(state)


def test_an_issue_goes_on_after_the_file_is_archived_and_its_timers_with_it():
    state = after(rectifying(1), *REPORTED)
    body = {"issue": 1, "successor": "m02", "reason": SEALED}
    state = after(state, ("hand_over_issue", "m01", body), ("archive_cycle", "arc", {}))
    told = [e for e in time_passed(state, now=at(200)) if e.kind == "EscalationRaised"]

    assert [e.step for e in told] == [-20, -10, -3, 0, 7, 30]
    assert told[0].to == ("m02",)
    assert codes(state, "submit_report", "m01", content=SEALED) == ["wrong_status"]
    state = after(
        state, ("finish_measure", "m02", {"issue": 1, "measure": 1, "evidence": [SEALED]})
    )
    assert state.issues[0].status == "rectifying"


def test_a_halted_cycle_stops_the_clock_and_moves_what_is_due():
    state = after(rectifying(1), ("halt_cycle", "gg", {"reason": SEALED}), now=at(1))
    before = state.issues[0].deadline

    assert next_due(state) is None
    assert time_passed(state, now=at(999)) == ()
    state = after(state, ("resume_cycle", "gg", {}), now=at(11))
    moved = state.issues[0].deadline
    assert (moved.current - before.current, moved.original) == (timedelta(10), before.original)
    assert state.issues[0].measures[0].until == date(2021, 8, 20)


def test_the_report_is_due_on_a_working_day_that_explains_itself():
    day = next(e for e in decide_close() if e.kind == "ReportDueSet").due

    assert (day.day, day.skipped) == (date(2021, 8, 16), (date(2021, 8, 14), date(2021, 8, 15)))


def decide_close():
    from cycle.stages import in_session, item, proof

    state = after(
        in_session(), item("superior_comment"), proof("superior_comment", "sup"),
        item("summary"), proof("summary"),
    )  # fmt: skip
    return decide(state, parse("close_meeting", {"by": "m01"}), now=NOW)


def test_all_key_issues_and_a_tenth_of_the_others_are_looked_at_again():
    state = with_closed(closed(), 25, severity="key")
    assert next_due(state) is not None
    events = time_passed(state, now=at(200))
    drawn = next(e for e in events if e.kind == "LookBackDrawn")

    assert drawn.key == (1,)
    assert len(drawn.sampled) == 3
    assert drawn.sampled == sample(drawn.seed, range(2, 26), "1/10")
    due = [e.issue for e in events if e.kind == "LookBackDue"]
    assert sorted(due) == sorted((*drawn.key, *drawn.sampled))


def test_no_issue_is_drawn_twice_and_a_later_closing_waits_for_the_next_draw():
    state = passing(with_closed(closed(), 12), 120)
    late = replace(
        state.issues[0], number=13, closed_at=(at(130),), drawn=False, look_back=None
    )
    state = replace(state, issues=(*state.issues, late))
    again = [e for e in time_passed(state, now=at(400)) if e.kind == "LookBackDrawn"]

    assert [e.population for e in again] == [(13,)]


def test_what_came_back_is_a_new_round_under_the_same_number():
    state = passing(with_closed(closed(), 1, severity="key"), 120)
    body = {"issue": 1, "outcome": "rebound", "evidence": SEALED}
    state = after(state, ("look_back", "gg", body), now=at(120))

    assert (state.issues[0].round, state.issues[0].status) == (2, "reopened")
    assert len(state.issues[0].closed_at) == 1


def test_a_cycle_is_over_when_its_look_backs_are_made():
    state = replace(with_closed(closed(), 1, severity="key"), status="archived")
    assert not over(state)
    state = passing(state, 120)
    assert not over(state)
    body = {"issue": 1, "outcome": "holds", "evidence": SEALED}

    assert over(after(state, ("look_back", "gg", body), now=at(120)))


def test_merged_issues_keep_every_source_and_count_once():
    second = ("find_issue", "m04", {**FOUND[2], "sources": ["forum"]})
    state = after(closed(), FOUND, second, ("merge_issue", "m04", {"issue": 2, "into": 1}))

    assert state.issues[0].sources == ("form", "forum")
    assert (state.issues[1].status, state.issues[1].merged_into) == ("merged", 1)
    assert codes(state, "merge_issue", "m04", issue=1, into=1) == ["cannot_merge_into"]
    assert codes(state, "merge_issue", "m04", issue=1, into=2) == ["cannot_merge_into"]
    assert codes(state, "merge_issue", "m04", issue=1, into=9) == ["no_such_issue"]


def test_another_calendar_is_an_act_and_moves_only_what_counts_working_days():
    state = replace(rectifying(1), policy=pack_for("default", date(2021, 7, 1)))
    body = {"issue": 1, "to": "2021-11-10", "percent": 10, "reason": SEALED}
    state = after(state, ("request_extension", "m03", body))
    assert state.issues[0].extension.decide_by == date(2021, 8, 4)
    calendar = seeded(2021, 2023)
    shut = calendar.model_copy(
        update={"holidays": (*calendar.holidays, date(2021, 8, 3)), "version": "local-2"}
    )
    change = {"calendar": shut.model_dump(mode="json"), "reason": SEALED}
    events = decide(state, parse("change_calendar", {"by": "sup", **change}), now=at(0))

    assert [e.kind for e in events] == ["CalendarChanged", "DatesRecalculated"]
    assert (events[1].decide_by.day, events[1].decide_by.calendar) == (
        date(2021, 8, 5), "local-2",
    )  # fmt: skip
    assert fold(state, events).issues[0].deadline == state.issues[0].deadline


def test_what_time_causes_comes_in_the_order_of_its_time_whoever_slept():
    state, woken = rectifying(3), rectifying(3)
    for hour in range(0, 150):
        woken = passing(woken, hour)
    asleep = time_passed(state, now=at(149))

    assert fold(state, asleep).issues == woken.issues
    due = [e for e in asleep if e.kind == "EscalationRaised"]
    assert [(e.step, e.issue) for e in due] == sorted((e.step, e.issue) for e in due)
