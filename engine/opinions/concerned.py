"""What those concerned read: problems in other words, and what their channels are told.

No original, no body, no number of sources: only through which channels a problem came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from engine.opinions.answers.coded import Problem
from engine.opinions.batch import Channel
from engine.record import Content, Id, Record


class Seen(Record):
    """A problem as it is seen by whom it concerns; texts open in the vault.

    ``issue`` is what it became in the cycle. ``overruled`` words of its texts look like
    names, and somebody said that they are none.
    """

    problem: str
    aspect: Id
    heading: Content
    channels: tuple[str, ...]
    state: Literal["open", "raising", "raised", "explained", "out_of_remit"]
    reply: Content | None
    issue: int | None
    overruled: int


def seen(problems: Iterable[Problem]) -> Iterator[Seen]:
    """Yield the problems that live; one merged into another is seen there."""
    for problem in problems:
        if problem.state != "merged":
            yield Seen(
                problem=problem.id, aspect=problem.aspect, heading=problem.heading,
                channels=tuple(sorted(problem.sources)), state=problem.state,
                reply=problem.reply, issue=problem.issue, overruled=problem.overruled,
            )  # fmt: skip


def replies(problems: Iterable[Problem], channel: Channel) -> tuple[Seen, ...]:
    """Return what ``channel`` is told: each problem through it that is answered or raised."""
    told = (s for s in seen(problems) if s.reply or s.state == "raised")
    return tuple(s for s in told if channel in s.channels)
