"""Cycles with criticism and evaluation, and the days on which things may be final."""

from __future__ import annotations

from datetime import timedelta

from cycle.stages import (
    DELIVERIES,
    MEMBERS,
    NOW,
    OPEN,
    ROLES,
    SEALED,
    after,
    item,
    prepared,
    proof,
)

MORE = {
    **ROLES,
    "rev": ["appeal_reviewer"],
    "pub": ["publisher"],
    "prv": ["privacy_officer"],
    "ver": ["verifier"],
    "mon": ["vote_monitor"],
}
PEOPLE = [{"id": i, "roles": r} for i, r in MORE.items()]
GRADED = ["m01", "m02", "m03", "m04"]
"""The members who get a grade: all but the probationary."""


def days(count):
    """So many days after the meeting; it was held on Friday 2021-07-30."""
    return NOW + timedelta(days=count)


IN_TIME, TOO_LATE = days(5), days(6)
"""Wednesday 2021-08-04 is the third working day, and the last to answer on."""


def criticised(number, critic, of, reply=None):
    """Criticism ``number``: taken down, confirmed and, when ``reply`` is given, answered."""
    said = {
        "critic": critic, "of": of, "aspect": "study", "problem": SEALED, "suggestion": SEALED,
    }  # fmt: skip
    acts = [
        ("record_criticism", "m03", said),
        ("confirm_criticism", critic, {"item": number}),
    ]
    if reply:
        acts.append(answered(number, of, reply))
    return acts


def answered(number, by, reply):
    return ("reply_to_criticism", by, {"item": number, "outcome": reply})


def criticising(*acts, **more):
    """A meeting at mutual criticism in which ``acts`` were done."""
    opened = after(
        prepared(**{"people": PEOPLE, **more}), OPEN, item("study_texts"),
        proof("study_texts"), item("secretary_report"), proof("secretary_report"),
        item("self_criticism"), *DELIVERIES, item("mutual_criticism"),
    )  # fmt: skip
    return after(opened, *acts)


def ended(*acts, polled=(), **more):
    """The meeting over, with ``acts`` done at mutual criticism and ``polled`` at the poll."""
    return after(
        criticising(*acts, **more), *polled, item("superior_comment"),
        proof("superior_comment", "sup"), item("summary"), proof("summary"),
        ("close_meeting", "m01", {}),
    )  # fmt: skip


def counted(member):
    ballots = {"excellent": 2, "qualified": 3}
    return ("count_poll", "m03", {"member": member, **ballots})


BALLOTS = [
    ("open_poll", "m03", {"monitor": "mon", "roll": MEMBERS}),
    ("close_poll", "m03", {"returned": 5}),
]


def evaluated(*acts, **more):
    """The meeting of an evaluation over, every member's ballots counted."""
    policy = more.get("policy")
    ballots = BALLOTS if policy is None or policy.rights else []
    polled = [item("poll"), *ballots, *map(counted, GRADED)]
    return ended(*acts, polled=polled, evaluation=True, **more)


def proposed(member, by="m02", grade="qualified"):
    return ("propose_verdict", by, {"member": member, "grade": grade, "content": SEALED})


def told(member, by="m02", grade="qualified", **more):
    return ("tell_verdict", by, {"member": member, "grade": grade, **more})


__all__ = ["MEMBERS", "NOW", "SEALED", "after"]
