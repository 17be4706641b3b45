"""Talks by pairs: who has to have talked with whom before the meeting."""

from __future__ import annotations

from cycle.stages import after, cycle

from engine.cycle.gates import missing
from engine.plan.steps import PlannedStep
from engine.policy.pack import load_pack

STEP = PlannedStep(id="talks", phase="before")
PAIRED = load_pack().model_copy(update={"talk_pairs": True})


def talked(*pairs, policy=PAIRED):
    """Who is still missing once each of ``pairs`` has talked."""
    acts = [("file_plan", "m01", {"content": f"sealed:{'1' * 32}:{'2' * 64}"})]
    for a, b in pairs:
        held = {"talk": f"{a}.{b}", "held_on": "2021-07-20"}
        acts += [
            ("confirm_talk", a, {**held, "other": b}),
            ("confirm_talk", b, {**held, "other": a}),
        ]
    return missing(after(cycle(policy=policy), *acts), STEP)


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
    assert "m03" not in talked(("m03", "m04"), policy=load_pack())
