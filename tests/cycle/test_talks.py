"""Talks by pairs and by occasion: who has to have talked with whom before the meeting."""

from __future__ import annotations

import json

import pytest
from cycle.stages import (
    MEMBERS,
    NOW,
    OPEN,
    SEALED,
    after,
    closed,
    codes,
    cycle,
    in_session,
    prepared,
)

from engine.cycle.decide import decide
from engine.cycle.gates import missing
from engine.cycle.parse import parse
from engine.cycle.waiting import waits_for
from engine.plan.steps import PlannedStep
from engine.policy.pack import load_pack
from engine.views.projector import STATE

STEP = PlannedStep(id="talks", phase="before")
UNPAIRED = load_pack().model_copy(update={"talk_pairs": False})


def talked(*pairs, policy=None, excused=()):
    """Who is still missing once each of ``pairs`` has talked."""
    acts = [("file_plan", "m01", {"content": SEALED})]
    acts += [
        ("exempt_member", "sup", {"member": m, "gate": "talks", "reason": SEALED})
        for m in excused
    ]
    for a, b in pairs:
        held = {"talk": f"{a}.{b}", "held_on": "2021-07-20"}
        acts += [
            ("confirm_talk", a, {**held, "other": b}),
            ("confirm_talk", b, {**held, "other": a}),
        ]
    return missing(after(cycle(policy=policy or load_pack()), *acts), STEP)


def test_the_secretary_talks_with_each_of_the_committee():
    assert "m01" in talked(("m01", "m03"))
    assert "m01" not in talked(("m01", "m02"))


def test_each_of_the_committee_talks_with_the_secretary():
    assert "m02" in talked(("m02", "m03"))
    assert "m02" not in talked(("m01", "m02"))


def test_a_member_talks_with_the_committee_and_with_another_member():
    assert "m03" in talked(("m02", "m03"))
    assert "m03" in talked(("m03", "m04"))
    assert "m03" not in talked(("m02", "m03"), ("m03", "m04"))


def test_every_pair_talked_leaves_nobody():
    pairs = [("m01", "m02"), *(("m02", m) for m in ("m03", "m04", "m05"))]

    assert talked(*pairs, ("m03", "m04"), ("m04", "m05")) == ()


def test_without_the_key_any_talk_will_do():
    assert "m03" not in talked(("m03", "m04"), policy=UNPAIRED)


def test_nobody_waits_for_a_talk_with_the_excused():
    assert "m01" not in talked(("m01", "m03"), excused=["m02"])
    assert "m02" not in talked(("m02", "m03"), excused=["m01"])
    assert "m03" not in talked(("m02", "m03"), excused=["m04", "m05"])
    assert "m03" in talked(("m02", "m03"), excused=["m04"])


def requiring(talker="committee", member="m03", by="m02"):
    return ("require_talk", by, {"member": member, "talker": talker, "content": SEALED})


def talk(a, b, name="again", held_on="2021-07-30"):
    """Both sides of a talk."""
    held = {"talk": name, "held_on": held_on}
    sides = ((a, b), (b, a))
    return [("confirm_talk", by, {**held, "other": other}) for by, other in sides]


READY = prepared()
"""Everybody has talked, and every other gate is passed."""


def test_a_required_talk_opens_the_gate_again_and_the_meeting_with_it():
    state = after(READY, requiring())

    assert (READY.status, state.status) == ("ready", "preparing")
    assert missing(state, STEP) == ("m03",)
    assert codes(state, OPEN[0], OPEN[1], **OPEN[2]) == ["gate_open"]
    assert "held: 1" in waits_for(state)


def test_p25_whoever_looks_at_a_run_learns_how_many_have_to_be_talked_with_and_not_who():
    said = waits_for(after(READY, requiring(), requiring(member="m04")))

    assert "held: 2" in said
    assert not [member for member in MEMBERS if member in said]


def test_a_required_talk_is_held_once_both_have_confirmed():
    one, other = talk("m02", "m03")
    half = after(READY, requiring(), one)

    assert missing(half, STEP) == ("m03",)
    assert (whole := after(half, other)).status == "ready"
    assert missing(whole, STEP) == ()
    assert "held: " not in waits_for(whole)


@pytest.mark.parametrize("pairs", [True, False])
def test_a_talk_is_required_whatever_the_pairs_of_the_policy(pairs):
    policy = load_pack().model_copy(update={"talk_pairs": pairs})
    acts = [
        act
        for a, b in [("m01", "m02"), *(("m02", m) for m in MEMBERS[2:]), ("m03", "m04")]
        for act in talk(a, b, f"{a}.{b}", "2021-07-20")
    ]
    paired = after(prepared(policy=policy), *acts, *talk("m04", "m05", "4.5", "2021-07-20"))
    state = after(paired, requiring())

    assert (missing(paired, STEP), missing(state, STEP)) == ((), ("m03",))
    assert missing(after(state, *talk("m02", "m03")), STEP) == ()


def test_a_talk_held_or_begun_before_does_not_count():
    one, other = talk("m02", "m03", "begun")
    begun = after(READY, one, requiring(), other)
    late = after(READY, requiring(), *talk("m02", "m03", "earlier", "2021-07-29"))
    half = talk("m02", "m03", "differs", "2021-07-29")[0]
    differs = after(READY, requiring(), half, talk("m02", "m03", "differs")[1])

    assert missing(begun, STEP) == ("m03",)
    assert missing(late, STEP) == ("m03",)
    assert missing(differs, STEP) == ("m03",)
    assert missing(after(late, *talk("m02", "m03")), STEP) == ()


def test_a_talk_with_somebody_else_does_not_count():
    with_secretary = after(READY, requiring("secretary"))
    with_committee = after(READY, requiring("committee"))

    assert missing(after(with_secretary, *talk("m02", "m03")), STEP) == ("m03",)
    assert missing(after(with_secretary, *talk("m01", "m03")), STEP) == ()
    assert missing(after(with_committee, *talk("m04", "m03")), STEP) == ("m03",)
    assert missing(after(with_committee, *talk("m01", "m03")), STEP) == ()


def test_every_requirement_is_held_to_by_itself():
    twice = after(READY, requiring(), *talk("m02", "m03"), requiring(by="m01"))

    assert missing(twice, STEP) == ("m03",)
    assert missing(after(twice, *talk("m02", "m03", "third")), STEP) == ()


def test_the_excused_are_talked_to_all_the_same_unless_excused_from_that_talk_too():
    excused = ("exempt_member", "sup", {"member": "m03", "gate": "talks", "reason": SEALED})
    study = ("exempt_member", "sup", {"member": "m03", "gate": "study", "reason": SEALED})

    assert missing(after(READY, excused, requiring()), STEP) == ("m03",)
    assert missing(after(READY, requiring(), study), STEP) == ("m03",)
    assert missing(after(READY, requiring(), excused), STEP) == ()
    assert missing(after(READY, requiring(), excused, requiring()), STEP) == ("m03",)


def test_a_talk_is_required_by_the_committee_and_with_another_member():
    body = {"talker": "secretary", "content": SEALED}

    assert codes(READY, "require_talk", "m02", member="g1", **body) == ["not_due"]
    assert codes(READY, "require_talk", "m04", member="m03", **body) == ["not_permitted"]
    assert codes(READY, "require_talk", "sup", member="m03", **body) == ["not_permitted"]
    assert codes(READY, "require_talk", "m01", member="m01", **body) == ["own_talk"]
    assert codes(READY, "require_talk", "m02", member="m02", **body) == ["own_talk"]
    assert codes(READY, "require_talk", "m02", member="m01", **body) == ["nobody_to_talk"]


def test_with_the_secretary_the_committee_holds_a_required_talk():
    state = after(READY, requiring("committee", "m01"))

    assert missing(state, STEP) == ("m01",)
    assert missing(after(state, *talk("m01", "m02")), STEP) == ()


def test_a_talk_is_required_until_the_meeting_opens():
    body = {"member": "m03", "talker": "committee", "content": SEALED}

    assert codes(in_session(), "require_talk", "m02", **body) == ["wrong_status"]
    assert codes(closed(), "require_talk", "m02", **body) == ["wrong_status"]


def test_a_requirement_tells_ids_the_day_and_the_talker_and_the_two_are_told():
    asked = parse("require_talk", {"by": "m02", **requiring("secretary")[2]})
    (event,) = decide(READY, asked, now=NOW)

    assert event.model_dump() == {
        "kind": "TalkRequired", "at": NOW, "by": "m02", "member": "m03",
        "talker": "secretary", "content": SEALED, "to": ("m03", "m01"),
    }  # fmt: skip


def test_required_talks_travel_with_the_state_into_the_next_run():
    state = after(READY, requiring(), *talk("m02", "m03")[:1])

    assert STATE.validate_json(STATE.dump_json(state)) == state


def test_a_state_kept_by_an_earlier_version_is_read():
    kept = json.loads(STATE.dump_json(READY))
    kept.pop("required_talks")
    for held in kept["talks"].values():
        held.pop("held_on"), held.pop("after")
    state = STATE.validate_python(kept, strict=False)

    assert missing(state, STEP) == ()
    assert missing(after(state, requiring()), STEP) == ("m03",)
