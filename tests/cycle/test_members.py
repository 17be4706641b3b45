"""A step that every member passes, stage by stage, holds the meeting until the last has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cycle.stages import MEMBERS, NOW, OPEN, PIN, SEALED, after, closed, codes, prepared

from engine.plan.merge import merge
from engine.plan.steps import Contribution, Stage, StepContribution

STAGES = (
    Stage(name="drafted", by=("committee_member",)),
    Stage(name="shown", by=("branch_secretary",)),
    Stage(
        name="confirmed", by=("subject",), lapse_working_days=3, lapses_to="branch_secretary"
    ),
)
STEP = StepContribution(
    id="door.portraits", anchor="filing", side="after", shape="each_member", stages=STAGES
)
PORTRAITS = Contribution(pin=PIN, steps=(STEP,))


def stage(member, name, by):
    body = {"step": STEP.id, "member": member, "stage": name, "evidence": SEALED}
    return ("record_member_step", by, body)


def all_of(member):
    return (
        stage(member, "drafted", "m02"), stage(member, "shown", "m01"),
        stage(member, "confirmed", member),
    )  # fmt: skip


def test_one_member_without_portrait_keeps_the_gate_open_and_is_named():
    state = prepared(PORTRAITS)
    assert state.status == "preparing"
    state = after(state, *(act for m in MEMBERS[:-1] for act in all_of(m)))

    assert state.status == "preparing"
    assert codes(state, *OPEN[:2], **OPEN[2]) == ["gate_open"]
    assert after(state, *all_of(MEMBERS[-1])).status == "ready"


def test_without_the_plugin_the_same_branch_passes_without_the_gate():
    assert prepared().status == "ready"


def test_stages_come_in_order_and_from_those_who_may():
    state = prepared(PORTRAITS)

    early = stage("m03", "shown", "m01")[2]
    assert codes(state, "record_member_step", "m01", **early) == [
        "stage_out_of_order", "not_permitted",
    ]  # fmt: skip
    state = after(state, stage("m03", "drafted", "m02"))
    assert codes(state, "record_member_step", "m02", **stage("m03", "shown", "m02")[2]) == [
        "not_permitted"
    ]


def test_only_the_subject_confirms_until_silence_has_lasted_three_working_days():
    state = after(
        prepared(PORTRAITS), stage("m03", "drafted", "m02"), stage("m03", "shown", "m01")
    )
    confirm = stage("m03", "confirmed", "m01")[2]

    assert codes(state, "record_member_step", "m04", **confirm) == ["not_permitted"]
    for day in (1, 5):
        late = NOW + timedelta(days=day)
        assert codes(state, "record_member_step", "m01", now=late, **confirm) == [
            "not_permitted"
        ]
    state = after(state, ("record_member_step", "m01", confirm), now=NOW + timedelta(days=6))
    assert state.member_steps[STEP.id]["m03"][0] == "confirmed"


def test_nothing_is_recorded_twice_for_strangers_or_for_other_steps():
    state = after(prepared(PORTRAITS), *all_of("m03"))

    assert codes(state, "record_member_step", "m02", **stage("m03", "drafted", "m02")[2]) == [
        "already_done"
    ]
    stranger = {**stage("m03", "drafted", "m02")[2], "member": "g1"}
    assert codes(state, "record_member_step", "m02", **stranger) == ["not_due"]
    other = {**stranger, "step": "study"}
    assert codes(state, "record_member_step", "m02", **other) == ["no_such_step"]


@pytest.mark.parametrize(
    "change",
    [
        {"stages": ()},
        {"shape": "evidence"},
        {"anchor": "self_criticism"},
    ],
)
def test_stages_without_members_or_inside_the_meeting_are_refused(change):
    plan = merge([Contribution(pin=PIN, steps=(STEP.model_copy(update=change),))])

    assert [c.code for c in plan.conflicts] == ["misplaced_stages"]


def test_after_the_meeting_such_a_step_keeps_the_file_open():
    late = STEP.model_copy(update={"anchor": "publication", "side": "after"})
    contribution = Contribution(pin=PIN, steps=(late,))
    state = after(closed(contribution), ("complete_lists", "m02", {}))
    reports = (
        ("submit_report", "m01", {"content": SEALED}), ("accept_report", "sup", {}),
        ("record_step", "sup", {"step": "publication", "evidence": SEALED}),
        ("record_step", "sup", {"step": "look_back", "evidence": SEALED}),
    )  # fmt: skip
    state = after(state, *reports)

    assert codes(state, "archive_cycle", "arc") == ["steps_missing"]
    state = after(state, *(act for m in MEMBERS for act in all_of(m)))
    assert after(state, ("archive_cycle", "arc", {})).status == "archived"
