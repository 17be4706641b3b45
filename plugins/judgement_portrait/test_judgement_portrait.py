"""Every member has a portrait, and nobody's is finished before its subject has seen it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import Delivered, DeliveryContext, Person, PlannedStep
from engine.testing import CAST, assert_contract, plan_context

from . import on_event, register_event_types, review_plan
from .__main__ import main
from .facts import FACTS, PORTRAITS
from .store import kept

TODAY = date(2021, 7, 9)
STAGES = ("drafted", "fact_checked", "shown", "confirmed")
SUP = Person(id="sup", roles=("superior_officer",))
ROLES = {
    "m01": ("branch_secretary", "member"),
    "m02": ("committee_member", "member"),
    "m03": ("committee_member", "recorder", "member"),
    "m04": ("opinion_collector", "member"),
}
BRANCH = (
    *(Person(id=m, roles=roles) for m, roles in ROLES.items()),
    *(Person(id=f"m{n:02}", roles=("member",)) for n in range(5, 24)),
    SUP,
)
"""23 members and somebody from above."""

MEMBERS = [person.id for person in BRANCH[:-1]]
WORDS = {"text": "研判材料"}


def by(stage: str, member: str) -> str:
    return {"drafted": "m02", "fact_checked": "m03", "shown": "m01"}.get(stage, member)


def pass_stages(cycle, member: str, *stages: str) -> None:
    for stage in stages or STAGES:
        cycle.do(
            "record_member_step", by=by(stage, member), step=PORTRAITS, member=member,
            stage=stage, evidence={**WORDS, "subject": member},
        )  # fmt: skip


def test_it_keeps_the_contract(plugin_folder):
    assert_contract(plugin_folder)


def test_the_portraits_come_after_the_filing_and_before_the_self_examinations(
    cycle_without_server,
):
    steps = [step.id for step in cycle_without_server.open(BRANCH).plan.steps]

    assert steps[steps.index("filing") + 1] == PORTRAITS
    assert steps.index(PORTRAITS) < steps.index("self_examination")


def test_with_22_of_23_portraits_confirmed_the_gate_names_the_one_and_no_meeting_opens(
    cycle_without_server,
):
    cycle = cycle_without_server.open(BRANCH)
    cycle.prepare()
    for member in MEMBERS[:-1]:
        pass_stages(cycle, member)
    pass_stages(cycle, "m23", *STAGES[:-1])
    assert cycle.gates == {PORTRAITS: ("m23",)}

    pass_stages(cycle, "m23", "confirmed")
    cycle.convene()
    assert cycle.state.status == "convened"


def test_a_branch_that_did_not_choose_it_passes_without_the_gate(cycle_without_server):
    cycle = cycle_without_server.open(BRANCH, plugins=())
    cycle.prepare()
    cycle.convene()

    assert cycle.state.status == "convened"


def test_nobody_confirms_for_the_subject_before_three_working_days_of_silence(
    cycle_without_server,
):
    cycle = cycle_without_server.open(BRANCH)
    cycle.prepare()
    pass_stages(cycle, "m05", *STAGES[:-1])
    confirm = {"step": PORTRAITS, "member": "m05", "stage": "confirmed"}

    assert list(cycle.refused("record_member_step", by="m01", **confirm)) == ["not_permitted"]
    cycle.pass_days(3)
    assert list(cycle.refused("record_member_step", by="m01", **confirm)) == ["not_permitted"]
    cycle.pass_days(1)
    assert cycle.do("record_member_step", by="m01", **confirm)


PLANNED = PlannedStep(id=PORTRAITS, phase="before", shape="each_member")


def objections(*people: Person) -> list[tuple[str, str]]:
    found = review_plan(plan_context(people), (PLANNED,))
    return [(objection.severity, objection.code) for objection in found]


def test_a_branch_without_a_committee_cannot_check_facts_and_is_told_before_it_begins():
    assert objections(BRANCH[0], BRANCH[3]) == [("deny", "nobody_checks_facts")]
    assert objections(*BRANCH[:2]) == [("warn", "checks_own_portrait")]
    assert objections(*BRANCH) == []


def test_a_plan_without_the_portraits_is_not_its_business():
    assert review_plan(plan_context(CAST[:1]), ()) == []


class Desk:
    """Delivers events of one cycle as the host does, and types commands."""

    def __init__(self, folder, steps=(PORTRAITS,)):
        self.folder = folder
        self.position = 0
        people = [p.model_dump(mode="json") for p in BRANCH]
        self.tell("CyclePlanned", people=people)
        self.tell("PlanPinned", plan={"steps": [{"id": step} for step in steps]})

    def tell(self, kind: str, by: str = "m01", **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"cycle/c1@{self.position}", position=self.position, stream="cycle/c1",
            version=self.position, kind=kind, at=datetime(2021, 7, 8, 18, tzinfo=UTC),
            data={"by": by, **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        context = DeliveryContext(
            plugin="judgement_portrait", cycle="c1", unit="u1", folder=self.folder,
            key=f"judgement_portrait/{event.event_id}",
        )  # fmt: skip
        on_event(context, event)

    def reach(self, member: str, *stages: str, **who: str) -> None:
        for stage in stages:
            said = {"step": PORTRAITS, "member": member, "stage": stage}
            self.tell("MemberStepRecorded", who.get(stage, by(stage, member)), **said)

    def typed(self, line: str) -> str:
        name, _, rest = line.partition(" ")
        return main([str(self.folder), name, "cycle=c1", *rest.split()], today=TODAY)

    def portrait(self, member: str = "m05"):
        return kept(self.folder).state()["c1"].portraits[member]

    def remarks(self, member: str = "m05") -> list[str]:
        return list(self.portrait(member).remarks())


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def sourced(desk):
    """A portrait of two statements, each looked up by another than its author."""
    desk.typed("statement by=m02 member=m05 source=visit seen=2021-07-06")
    desk.typed("statement by=m02 member=m05 source=record seen=2021-07-07")
    for number in (1, 2):
        desk.typed(f"check by=m03 member=m05 statement={number}")
    return desk


def test_every_member_is_on_the_list_and_those_not_confirmed_are_named(desk):
    for member in MEMBERS[:-1]:
        desk.reach(member, *STAGES)

    assert desk.typed("show").splitlines()[-1] == "还缺 1 份:m23"
    desk.reach("m23", *STAGES)
    assert desk.typed("show").endswith("一人一份,都已确认")


def test_every_statement_has_a_dated_source_and_shows_it(sourced):
    assert sourced.typed("sheet member=m05").splitlines() == [
        "1. 走访 2021-07-06 m02 起草 m03 核对",
        "2. 记录 2021-07-07 m02 起草 m03 核对",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("statement by=m02 member=m05 source=visit", "seen.*is missing"),
        ("statement by=m02 member=m05 source=rumour seen=2021-07-06", "visit.*enquiry"),
        ("statement by=m02 member=m05 source=visit seen=2021-07-10", "yet to come"),
        ("statement by=m06 member=m05 source=visit seen=2021-07-06", "forbidden for m06"),
        ("statement by=m02 member=m02 source=visit seen=2021-07-06", "written by others"),
        ("statement by=m02 member=sup source=visit seen=2021-07-06", "no portrait of sup"),
        ("check by=m02 member=m05 statement=1", "neither its author"),
        ("check by=m03 member=m05 statement=3", "no statement 3"),
        ("reply by=m05 member=m05 outcome=accepted", "between shown and confirmed"),
        ("paint", "python -m judgement_portrait"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_reason(sourced, line, said):
    with pytest.raises(SystemExit, match=said):
        sourced.typed(line)


def test_a_portrait_without_source_or_check_is_remarkable_once_its_facts_count_as_checked(desk):
    desk.reach("m05", "drafted")
    assert desk.remarks() == []

    desk.reach("m05", "fact_checked")
    assert desk.remarks() == ["no_source"]


def test_a_statement_nobody_looked_up_is_remarkable(sourced):
    sourced.typed("statement by=m02 member=m05 source=enquiry seen=2021-07-06")
    sourced.reach("m05", "drafted", "fact_checked")

    assert sourced.remarks() == ["unchecked"]
    with pytest.raises(SystemExit, match="nothing is added"):
        sourced.typed("statement by=m02 member=m05 source=visit seen=2021-07-06")


def test_whoever_drafts_a_portrait_or_is_its_subject_does_not_check_it(sourced):
    sourced.reach("m05", "drafted", "fact_checked", drafted="m03")
    assert sourced.remarks() == ["checked_by_author"]

    sourced.reach("m03", "drafted", "fact_checked")
    assert "checked_by_author" in sourced.remarks("m03")


def test_what_the_subject_contests_counts_for_nothing_until_somebody_outside_decides(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.typed("reply by=m05 member=m05 outcome=contested statement=2")
    assert sourced.remarks() == ["contested"]
    assert [s.counts for s in sourced.portrait().statements] == [True, False]

    with pytest.raises(SystemExit, match="outside it decides"):
        sourced.typed("decide by=m01 member=m05 statement=2 upheld=false")
    sourced.typed("decide by=sup member=m05 statement=2 upheld=false")
    assert sourced.remarks() == []
    assert [s.counts for s in sourced.portrait().statements] == [True, True]


def test_a_statement_found_wrong_is_struck_and_stays_readable(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.typed("reply by=m05 member=m05 outcome=contested statement=1")
    sourced.typed("decide by=sup member=m05 statement=1 upheld=true")

    assert not sourced.portrait().statements[0].counts
    assert sourced.typed("sheet member=m05").splitlines()[0].endswith("异议成立,作废")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("reply by=m01 member=m05 outcome=accepted", "forbidden for m01"),
        ("reply by=m05 member=m05 outcome=contested", "say which statement"),
        ("decide by=sup member=m05 statement=1 upheld=true", "is not contested"),
        ("check by=m03 member=m05 statement=1", "before the subject sees"),
    ],
)
def test_only_the_subject_replies_and_says_to_what(sourced, line, said):
    sourced.reach("m05", *STAGES[:-1])
    with pytest.raises(SystemExit, match=said):
        sourced.typed(line)


def test_who_accepts_or_explains_needs_to_name_no_statement(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.typed("reply by=m05 member=m05 outcome=explained")

    assert sourced.portrait().reply == "explained"


def test_a_statement_is_contested_once(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.typed("reply by=m05 member=m05 outcome=contested statement=1")

    with pytest.raises(SystemExit, match="1 was contested before"):
        sourced.typed("reply by=m05 member=m05 outcome=contested statement=1")


def test_whoever_contested_is_not_said_to_have_kept_silent(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.typed("reply by=m05 member=m05 outcome=contested statement=1")
    sourced.reach("m05", STAGES[-1], confirmed="m01")

    assert sourced.remarks() == ["contested"]


def test_silence_is_shown_as_silence(sourced):
    sourced.reach("m05", *STAGES, confirmed="m01")

    assert sourced.remarks() == ["kept_silent"]
    assert "m05 已确认 本人未回话" in sourced.typed("show")


def test_a_self_examination_judged_before_the_portrait_is_named(sourced):
    sourced.reach("m05", *STAGES[:-1])
    sourced.tell("SelfExamReturned", "sup", author="m05")
    sourced.reach("m05", "confirmed")
    assert sourced.remarks() == ["examined_before_portrait"]

    sourced.reach("m06", *STAGES)
    sourced.tell("SelfExamApproved", "sup", author="m06")
    assert "examined_before_portrait" not in sourced.remarks("m06")


def test_after_the_meeting_everything_is_sealed(sourced):
    sourced.reach("m05", *STAGES)
    sourced.tell("MeetingClosed")

    assert "m05 已封存" in sourced.typed("show")
    with pytest.raises(SystemExit, match="portraits are sealed"):
        sourced.typed("statement by=m02 member=m05 source=visit seen=2021-07-06")


def test_a_cycle_that_did_not_choose_it_has_no_portraits(tmp_path):
    desk = Desk(tmp_path, steps=("filing",))

    with pytest.raises(SystemExit, match="c1 has no portrait of m05"):
        desk.typed("statement by=m02 member=m05 source=visit seen=2021-07-06")


def test_who_says_too_little_is_told_how():
    with pytest.raises(SystemExit, match="python -m judgement_portrait"):
        main([], today=TODAY)


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(SystemExit, match="there is no folder"):
        main([str(tmp_path / "none"), "show"], today=TODAY)


def test_an_event_that_comes_again_changes_nothing(sourced):
    first = sourced.tell("MemberStepRecorded", "m02", step=PORTRAITS, member="m05",
                         stage="drafted")  # fmt: skip
    sourced.reach("m05", "fact_checked")
    sourced.hear(first)

    assert sourced.portrait().stage == "fact_checked"


def test_no_word_and_no_score_of_anybody_is_kept():
    fields = {field.name: field.type for t in register_event_types() for field in t.fields}

    assert len(register_event_types()) == len(FACTS)
    assert set(fields.values()) == {"id", "day", "whole", "truth"}
    assert {name for name, type_ in fields.items() if type_ == "whole"} == {"statement"}
