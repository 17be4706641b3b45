"""What the people of a cycle do where the prescribed steps are not the point of a test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

from engine.cycle.agenda import EVIDENCED, order_of_delivery
from engine.cycle.commands import BRANCH_DOCUMENT
from engine.cycle.state import Cycle
from engine.policy.roles import BRANCH, RECORDERS, Role

Acts: TypeAlias = Iterator[tuple[str, str, dict[str, Any]]]
"""Kind, who, and the fields of each command."""

TEXT = {"text": "演练 rehearsal"}
PASSED = {"factual": "pass", "accurate": "pass", "testable": "pass"}


def who(cycle: Cycle, *roles: Role) -> str:
    """Return the first person who holds one of ``roles``.

    Raises:
        LookupError: nobody does; the message names the roles.
    """
    for person in cycle.holders(roles):
        return person
    raise LookupError(f"nobody is {' or '.join(roles)}")


def before_the_meeting(cycle: Cycle, on: date) -> Acts:
    """Yield all that is prescribed before the meeting, done on the day ``on``."""
    members, superior = cycle.members(), who(cycle, "superior_officer")
    collector = who(cycle, "opinion_collector")
    yield "file_plan", who(cycle, "branch_secretary"), {"content": TEXT}
    yield "accept_filing", superior, {}
    yield "hold_study", who(cycle, *BRANCH), {
        "form": "collective", "held_on": on, "participants": members, "books": cycle.books,
        "evidence": TEXT,
    }  # fmt: skip
    yield "close_opinion_batch", collector, {"batch": "b", "channel": "forum", "opinions": 1}
    yield "complete_opinions", collector, {}
    yield from talks(members, who(cycle, "branch_secretary"), on)
    yield from _self_examinations(cycle, superior)
    yield "review_material", superior, {"outcome": "approved"}


def talks(members: Sequence[str], secretary: str, on: date) -> Acts:
    """Yield the fewest talks of 2.4: everybody with two members and with the secretary."""
    ring = set(zip(members, (*members[1:], members[0]), strict=True))
    for one, other in sorted(ring | {(secretary, m) for m in members if m != secretary}):
        for by, with_ in ((one, other), (other, one)):
            yield "confirm_talk", by, {"talk": f"{one}-{other}", "other": with_, "held_on": on}


def _self_examinations(cycle: Cycle, superior: str) -> Acts:
    secretary = who(cycle, "branch_secretary")
    for author in (BRANCH_DOCUMENT, *cycle.members()):
        by = secretary if author == BRANCH_DOCUMENT else author
        yield "submit_self_exam", by, {"author": author, "content": TEXT}
        yield "review_self_exam", superior, {"author": author, **PASSED}


def opening(cycle: Cycle) -> Acts:
    """Yield the opening of the meeting, with every member present."""
    secretary = who(cycle, "branch_secretary")
    yield "open_meeting", secretary, {
        "present": cycle.members(), "chair": secretary, "recorder": who(cycle, *RECORDERS),
    }  # fmt: skip


def substance(cycle: Cycle, item: str) -> Acts:
    """Yield what completes ``item`` of the meeting when it is a prescribed one."""
    assert cycle.meeting is not None, "no meeting is open"
    recorder = who(cycle, *RECORDERS)
    if item in EVIDENCED:
        by = who(cycle, "superior_officer") if item == "superior_comment" else recorder
        yield "record_step", by, {"step": item, "evidence": TEXT}
    if item == "self_criticism":
        for author in order_of_delivery(cycle, cycle.meeting):
            yield "deliver_self_exam", recorder, {"author": author}
