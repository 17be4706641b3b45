"""What those concerned read: problems in other words, and what their channels are told.

No original, no body, no number of sources: only through which channels a problem came. Who
does not code sees a problem once a batch it came through is closed, and its aspect only
where the results tell it (P03).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from engine.opinions.answers.coded import Problem
from engine.opinions.batch import Channel
from engine.record import Content, Id, Record


class Seen(Record):
    """A problem as it is seen by whom it concerns; texts open in the vault.

    ``aspect`` is None where too few raised it for the results to tell.

    ``issue`` is what it became in the cycle. ``overruled`` words of its texts look like
    names, and somebody said that they are none.
    """

    problem: str
    aspect: Id | None
    heading: Content
    channels: tuple[str, ...]
    state: Literal["open", "raising", "raised", "explained", "out_of_remit"]
    reply: Content | None
    issue: int | None
    overruled: int


def seen(problems: Iterable[Problem], told: Collection[str] | None = None) -> Iterator[Seen]:
    """Yield the problems that live; one merged into another is seen there.

    ``told`` are those whose aspect may be told, None for whoever codes: the others do not
    see what has no source yet.
    """
    for problem in problems:
        if problem.state != "merged" and (told is None or problem.sources):
            aspect = problem.aspect if told is None or problem.id in told else None
            yield Seen(
                problem=problem.id, aspect=aspect, heading=problem.heading,
                channels=tuple(sorted(problem.sources)), state=problem.state,
                reply=problem.reply, issue=problem.issue, overruled=problem.overruled,
            )  # fmt: skip


def replies(
    problems: Iterable[Problem], channel: Channel, told: Collection[str] | None = None
) -> tuple[Seen, ...]:
    """Return what ``channel`` is told: each problem through it that is answered or raised."""
    settled = (s for s in seen(problems, told) if s.reply or s.state == "raised")
    return tuple(s for s in settled if channel in s.channels)
