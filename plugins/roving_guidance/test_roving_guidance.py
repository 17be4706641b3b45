"""A round visits, what it finds stays until corrected, and a halt is a person's command."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import Delivered, DeliveryContext, HealthContext
from engine.testing import CAST, assert_contract

from . import check_health, on_event
from .__main__ import main
from .facts import VISIT
from .store import kept

TODAY = date(2021, 7, 9)
PEOPLE = [
    {"id": "m01", "roles": ["branch_secretary", "member"]},
    {"id": "m02", "roles": ["committee_member", "guidance_group", "member"]},
    {"id": "g1", "roles": ["guidance_group"]},
    {"id": "g2", "roles": ["guidance_group"]},
    {"id": "sup", "roles": ["superior_officer"]},
]


def test_it_keeps_the_contract(plugin_folder):
    assert_contract(plugin_folder)


def test_the_meeting_waits_for_the_visit_and_only_the_group_records_it(cycle_without_server):
    cycle = cycle_without_server.open()
    steps = [step.id for step in cycle.plan.steps]
    assert steps[steps.index(VISIT) + 1] == "material_review"

    cycle.prepare()
    assert cycle.gates == {VISIT: (VISIT,)}
    visit = {"step": VISIT, "evidence": {"text": "走访记录"}}
    assert list(cycle.refused("record_step", by="secretary", **visit)) == ["not_permitted"]
    cycle.do("record_step", by="guidance", **visit)
    cycle.convene()
    assert cycle.state.status == "convened"


def test_a_roster_without_a_guidance_group_has_no_visit(cycle_without_server):
    people = [person for person in CAST if person.id != "guidance"]

    assert cycle_without_server.open(people).local_steps() == ()


def test_a_halt_by_the_group_moves_the_cycle_to_halted_and_nobody_else_may(
    cycle_without_server,
):
    cycle = cycle_without_server.open()
    cycle.prepare()
    cycle.do("record_step", by="guidance", step=VISIT, evidence={"text": "走访记录"})
    cycle.convene()
    halt = {"reason": {"text": "会前准备走过场"}}

    assert list(cycle.refused("halt_cycle", by="secretary", **halt)) == ["not_permitted"]
    assert cycle.do("halt_cycle", by="guidance", **halt) == ("CycleHalted",)
    assert cycle.state.status == "halted"


class Desk:
    """Delivers events of one unit as the host does, and types commands."""

    def __init__(self, folder):
        self.folder = folder
        self.position = 0
        self.config = {"round": 1, "ends": None}

    def tell(self, kind: str, by: str = "g1", cycle: str = "c1", **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"cycle/{cycle}@{self.position}", position=self.position,
            stream=f"cycle/{cycle}", version=self.position, kind=kind,
            at=datetime(2021, 7, 8, 18, tzinfo=UTC), data={"by": by, **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        context = DeliveryContext(
            plugin="roving_guidance", cycle=event.stream.partition("/")[2], unit="u1",
            folder=self.folder, config=self.config, key=f"roving_guidance/{event.event_id}",
        )  # fmt: skip
        on_event(context, event)

    def open(self, cycle: str = "c1", **config) -> None:
        self.config |= config
        self.tell("CyclePlanned", "m01", cycle, people=PEOPLE)

    def visit(self, cycle: str = "c1") -> None:
        self.tell("StepRecorded", "g1", cycle, step=VISIT)

    def typed(self, line: str, today: date = TODAY) -> str:
        return main([str(self.folder), *line.split()], today=today)

    def shown(self, today: date = TODAY) -> list[str]:
        return self.typed("show", today).splitlines()

    @property
    def register(self):
        return kept(self.folder).state()

    def remarks(self, number: int = 1, today: date = TODAY) -> list[str]:
        return list(self.register.remarks(self.register.findings[number - 1], today))


@pytest.fixture
def desk(tmp_path):
    """Round 1: a group is assigned to the unit."""
    desk = Desk(tmp_path)
    desk.open()
    desk.typed("assign by=sup group=group-3")
    return desk


@pytest.fixture
def visited(desk):
    """The group was there and found one thing, and sent it."""
    desk.visit()
    desk.typed("find by=g1 about=self_examination")
    desk.typed("send by=g1")
    return desk


def test_a_round_goes_from_the_assignment_to_the_last_correction(desk):
    assert desk.shown() == ["第 1 轮 group-3 已指派"]
    desk.visit()
    assert desk.shown() == ["第 1 轮 group-3 已走访"]

    desk.typed("find by=g1 about=self_examination note=sheet-7")
    assert desk.shown()[1] == "1. 第 1 轮 self_examination 请整改 待整改 未送"
    desk.typed("send by=g1")
    assert desk.shown()[0] == "第 1 轮 group-3 意见已送"

    desk.typed("correct by=m01 finding=1")
    assert desk.register.stage(1) == "findings_sent"
    desk.typed("judge by=g1 finding=1 accepted=true")
    assert desk.shown() == [
        "第 1 轮 group-3 整改完毕",
        "1. 第 1 轮 self_examination 请整改 已确认整改",
    ]


def test_a_finding_round_1_left_open_is_carried_over_into_round_2(visited):
    visited.typed("find by=g1 about=talks")
    visited.typed("send by=g1")
    visited.typed("correct by=m01 finding=2")
    visited.typed("judge by=g1 finding=2 accepted=true")
    visited.open("c2", round=2)

    assert visited.shown() == [
        "第 1 轮 group-3 意见已送",
        "第 2 轮 — 未指派",
        "1. 第 1 轮 self_examination 请整改 待整改 转入",
    ]


def test_round_2_is_not_corrected_while_what_it_took_over_is_open(visited):
    visited.open("c2", round=2)
    visited.typed("assign by=sup group=group-5")
    visited.visit("c2")
    visited.typed("send by=g2")
    assert visited.register.stage(2) == "findings_sent"

    visited.typed("correct by=m01 finding=1")
    visited.typed("judge by=g2 finding=1 accepted=true")
    assert (visited.register.stage(1), visited.register.stage(2)) == (
        "findings_sent", "corrected",
    )  # fmt: skip


def test_a_correction_the_group_does_not_take_is_open_again(visited):
    visited.typed("correct by=m01 finding=1")
    visited.typed("judge by=g1 finding=1 accepted=false")

    assert visited.register.findings[0].state == "open"
    visited.typed("correct by=m01 finding=1")


def test_a_halt_in_round_2_is_linked_to_the_finding_that_asked_for_it(visited):
    visited.open("c2", round=2)
    visited.visit("c2")
    visited.typed("find by=g1 about=opening asks=halt cycle=c2")
    assert visited.remarks(2) == ["not_sent", "not_followed"]

    visited.tell("CycleHalted", "g1", "c2")
    assert visited.shown()[3] == "2. 第 2 轮 opening 请叫停 c2 2021-07-09 已叫停 待整改 未送"


@pytest.mark.parametrize(
    ("asks", "kind"),
    [("halt", "CycleHalted"), ("postpone", "CyclePostponed"), ("rerun", "RerunOrdered")],
)
def test_a_stop_written_down_afterwards_finds_its_finding_too(visited, asks, kind):
    visited.tell(kind, "sup")
    assert "没有对应的意见,请补记" in visited.shown()[-1]

    visited.typed(f"find by=g1 about=opening asks={asks} cycle=c1")
    assert visited.register.stops == ()
    assert visited.register.findings[1].stop.how == asks


def test_a_stop_belongs_to_the_finding_of_its_own_cycle_and_kind(visited):
    visited.open("c2")
    visited.typed("find by=g1 about=opening asks=halt cycle=c2")
    visited.tell("CycleHalted", "g1", "c1")
    visited.tell("CyclePostponed", "g1", "c2")

    assert visited.register.findings[1].stop is None
    assert [(stop.cycle, stop.how) for stop in visited.register.stops] == [
        ("c1", "halt"), ("c2", "postpone"),
    ]  # fmt: skip


def test_a_day_the_secretary_moves_is_no_guidance(visited):
    visited.tell("CyclePostponed", "m01")

    assert visited.register.stops == ()


@pytest.mark.parametrize("kind", ["CycleResumed", "RerunOrdered"])
def test_a_cycle_that_goes_on_with_the_finding_open_is_remarkable(visited, kind):
    visited.typed("find by=g1 about=opening asks=halt cycle=c1")
    visited.typed("send by=g1")
    visited.tell("CycleHalted")
    visited.tell(kind, "sup")
    assert visited.remarks(2) == ["went_on_uncorrected"]

    visited.typed("correct by=m01 finding=2")
    visited.typed("judge by=g1 finding=2 accepted=true")
    assert visited.remarks(2) == []


def test_what_is_open_after_the_last_day_is_overdue(visited):
    visited.open("c2", ends=date(2021, 7, 31))

    assert visited.remarks(today=date(2021, 7, 31)) == []
    assert visited.remarks(today=date(2021, 8, 1)) == ["overdue"]


def test_rounds_do_not_go_back(visited):
    visited.open("c2", round=2)
    visited.open("c3", round=1)

    assert visited.register.round == 2


def test_without_a_round_nothing_is_recorded_and_the_reason_says_what_to_set(tmp_path):
    desk = Desk(tmp_path)
    desk.open(round=None)
    desk.visit()

    assert desk.shown() == []
    with pytest.raises(SystemExit, match="no round is on: set round"):
        desk.typed("assign by=sup group=group-3")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("assign by=m01 group=group-3", "forbidden for m01; it is for sup"),
        ("find by=g1 about=talks", "no visit was made"),
        ("send by=g1", "no visit was made"),
        ("visit by=m01", "forbidden for m01; it is for m02, g1, g2"),
        ("visit by=m02", "nobody guides themselves"),
        ("visit", "by.*is missing"),
        ("paint", "python -m roving_guidance"),
    ],
)
def test_before_the_visit_there_is_nothing_to_find(desk, line, said):
    with pytest.raises(SystemExit, match=said):
        desk.typed(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("assign by=sup group=group-4", "its group stays"),
        ("find by=m01 about=talks", "forbidden for m01"),
        ("find by=g1 about=opening asks=halt", "cycle=c1"),
        ("find by=g1 about=opening asks=halt cycle=c9", "cycle=c1"),
        ("find by=g1 about=opening asks=close", "halt"),
        ("send by=g1", "nothing new to send"),
        ("correct by=g1 finding=1", "forbidden for g1; it is for m01, m02"),
        ("correct by=m01 finding=2", "no finding 2"),
        ("judge by=g1 finding=1 accepted=true", "is not reported"),
        ("judge by=m02 finding=1 accepted=true", "nobody guides themselves"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_reason(visited, line, said):
    with pytest.raises(SystemExit, match=said):
        visited.typed(line)


def test_the_branch_answers_once_and_not_before_it_was_told(visited):
    visited.typed("find by=g1 about=talks")
    with pytest.raises(SystemExit, match="finding 2 was not sent"):
        visited.typed("correct by=m01 finding=2")

    visited.typed("correct by=m01 finding=1")
    with pytest.raises(SystemExit, match="reported already"):
        visited.typed("correct by=m01 finding=1")


def test_a_visit_that_is_no_step_of_a_cycle_needs_an_assigned_group(tmp_path):
    desk = Desk(tmp_path)
    desk.open()
    with pytest.raises(SystemExit, match="no group is assigned"):
        desk.typed("visit by=g1")

    desk.typed("assign by=sup group=group-3")
    desk.typed("visit by=g1 note=sheet-1")
    assert desk.register.stage(1) == "visited"


def test_who_says_too_little_is_told_how():
    with pytest.raises(SystemExit, match="python -m roving_guidance"):
        main([], today=TODAY)


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(SystemExit, match="there is no folder"):
        main([str(tmp_path / "none"), "show"], today=TODAY)


def test_an_event_that_comes_again_changes_nothing(visited):
    halted = visited.tell("CycleHalted")
    visited.tell("CycleResumed", "sup")
    visited.hear(halted)

    assert len(visited.register.stops) == 1
    assert visited.register.stops[0].until is not None


def test_other_steps_are_no_visit(desk):
    desk.tell("StepRecorded", "g1", step="publication")

    assert desk.register.stage(1) == "assigned"


def test_a_round_whose_last_day_is_past_is_told_to_whoever_looks_at_plugins():
    def health(**config):
        report = check_health(HealthContext(plugin="roving_guidance", config=config))
        return report.status, report.code

    assert health() == health(round=2, ends=date.max) == ("ok", "")
    assert health(round=2, ends=date(2021, 7, 31)) == ("degraded", "round_over")
