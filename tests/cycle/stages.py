"""A cycle brought to a stage: planned, prepared, in session, closed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.cycle.commands import OpenCycle
from engine.cycle.decide import decide, open_cycle
from engine.cycle.evolve import fold, folded
from engine.cycle.parse import parse
from engine.cycle.planning import pin_plan
from engine.plan.merge import merge
from engine.plan.steps import Contribution, Invitation, PluginPin, StepContribution
from engine.policy.pack import load_pack
from engine.refusal import Refused
from engine.testing.prepared import talks

NOW = datetime(2021, 7, 30, 1, tzinfo=UTC)
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
ROLES = {
    "m01": ["branch_secretary", "member"],
    "m02": ["committee_member"],
    "m03": ["recorder", "teller", "member"],
    "m04": ["opinion_collector", "member"],
    "m05": ["probationary_member"],
    "sup": ["superior_officer"],
    "gg": ["guidance_group"],
    "g1": ["guest_rep"],
    "g2": ["guest_rep"],
    "arc": ["archivist"],
}
MEMBERS = ["m01", "m02", "m03", "m04", "m05"]
PIN = PluginPin(id="door", version="1", digest="0" * 64)
SPEECHES = StepContribution(
    id="door.speeches", anchor="mutual_criticism", side="after", shape="speakers"
)
DOOR = Contribution(
    pin=PIN,
    steps=(SPEECHES,),
    invitations=(
        Invitation(step="door.speeches", person="g1"),
        Invitation(step="door.speeches", person="g2"),
    ),
)


def cycle(*contributions, **more):
    """A cycle whose plan is pinned and nothing else has happened."""
    opening = parse_opening(more)
    events = open_cycle(opening, now=NOW)
    return fold(folded(events), pin_plan(merge(contributions), now=NOW))


def parse_opening(more):
    body = {
        "cycle": "c", "unit": "u", "meeting_on": date(2021, 7, 30), "by": "m01",
        "people": [{"id": i, "roles": r} for i, r in ROLES.items()], "books": ["b1", "b2"],
        "policy": load_pack(), **more,
    }  # fmt: skip
    return OpenCycle.model_validate(body)


def after(state, *commands, now=NOW):
    for kind, by, body in commands:
        state = fold(state, decide(state, parse(kind, {"by": by, **body}), now=now))
    return state


def codes(state, kind, by, now=NOW, **body):
    """The codes with which the command is refused."""
    with pytest.raises(Refused) as refused:
        decide(state, parse(kind, {"by": by, **body}), now=now)
    return [reason.code for reason in refused.value.reasons]


def prepared(*contributions, **more):
    """A cycle with every gate passed."""
    exams = [("submit_self_exam", m, {"author": m, "content": SEALED}) for m in MEMBERS]
    passed = {"factual": "pass", "accurate": "pass", "testable": "pass"}
    reviews = [
        ("review_self_exam", "sup", {"author": m, **passed}) for m in (*MEMBERS, "branch")
    ]
    study = {
        "form": "collective", "held_on": "2021-07-20", "participants": MEMBERS,
        "books": ["b1", "b2"], "evidence": SEALED,
    }  # fmt: skip
    return after(
        cycle(*contributions, **more),
        ("file_plan", "m01", {"content": SEALED}),
        ("accept_filing", "sup", {}),
        ("hold_study", "m02", study),
        ("close_opinion_batch", "m04", {"batch": "b", "channel": "forum", "opinions": 3}),
        ("complete_opinions", "m04", {}),
        *talks(MEMBERS, "m01", date(2021, 7, 20)),
        ("submit_self_exam", "m01", {"author": "branch", "content": SEALED}),
        *exams,
        *reviews,
        ("review_material", "sup", {"outcome": "approved"}),
    )


OPEN = ("open_meeting", "m01", {"present": MEMBERS, "chair": "m01", "recorder": "m03"})
DELIVERIES = [
    ("deliver_self_exam", "m03", {"author": a})
    for a in ("branch", "m01", "m02", "m03", "m04", "m05")
]


def item(name):
    return ("start_item", "m03", {"item": name})


def proof(step, by="m03"):
    return ("record_step", by, {"step": step, "evidence": SEALED})


def in_session(*contributions, **more):
    """A meeting at mutual criticism."""
    return after(
        prepared(*contributions, **more), OPEN, item("study_texts"), proof("study_texts"),
        item("secretary_report"), proof("secretary_report"), item("self_criticism"),
        *DELIVERIES, item("mutual_criticism"),
    )  # fmt: skip


def closed(*contributions):
    """A cycle whose meeting is over."""
    return after(
        in_session(*contributions), item("superior_comment"), proof("superior_comment", "sup"),
        item("summary"), proof("summary"), ("close_meeting", "m01", {}),
    )  # fmt: skip
