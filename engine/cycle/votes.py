"""Rules of votes and of the secret poll, on the roll frozen at the opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.cycle import commands as c, errors, events as e
from engine.cycle.quorum import at_least, more_than
from engine.cycle.state import Cycle, Meeting
from engine.refusal import Refused, refuse

FEWEST_BALLOTS = 5
"""Below this a result would tell who voted what."""


def decide(
    cycle: Cycle, meeting: Meeting, command: c.CountVote | c.CountPoll, now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return the counted vote or poll, or raise ``Refused`` with every reason."""
    if isinstance(command, c.CountVote):
        return _vote(cycle, meeting, command, now)
    refuse(_may_not_poll(cycle, meeting, command))
    counted = command.model_dump(exclude={"kind", "by"})
    return (e.PollCounted(**counted, at=now, by=command.by),)


def _voters(cycle: Cycle, meeting: Meeting) -> tuple[int, int]:
    """Return voting members due and voting members present."""
    voting = set(cycle.voting())
    return len(voting & set(meeting.due)), len(voting & set(meeting.present))


def _vote(
    cycle: Cycle, meeting: Meeting, command: c.CountVote, now: datetime
) -> tuple[e.CycleEvent, ...]:
    due, present = _voters(cycle, meeting)
    votes = command.yes + command.no + command.abstain
    policy = cycle.pinned_policy
    refuse(_miscounted(present, at_least(due, policy.vote_present), votes))
    carried = command.yes >= more_than(due, policy.vote_yes)
    return (
        e.VoteCounted(
            motion=command.motion, yes=command.yes, no=command.no, abstain=command.abstain,
            due=due, outcome="carried" if carried else "rejected", at=now, by=command.by,
        ),
    )  # fmt: skip


def _miscounted(present: int, quorum: int, votes: int) -> Iterator[Refused]:
    if present < quorum:
        yield errors.QuorumMissed(present, quorum)
    if votes > present:
        yield errors.TooManyVotes(votes, present)


def _may_not_poll(cycle: Cycle, meeting: Meeting, command: c.CountPoll) -> Iterator[Refused]:
    if not cycle.evaluation:
        yield errors.NoEvaluation()
        return
    if meeting.item != "poll":
        yield errors.ItemNotOpen("poll", meeting.item)
    if command.member not in cycle.voting():
        yield errors.NotDue((command.member,))
    if command.member in meeting.polled:
        yield errors.AlreadyDone(f"poll {command.member}")
    ballots = (
        command.excellent + command.qualified + command.basically_qualified
        + command.unqualified
    )  # fmt: skip
    _, present = _voters(cycle, meeting)
    if ballots > len(meeting.present):
        yield errors.TooManyVotes(ballots, present)
    if ballots < FEWEST_BALLOTS:
        yield errors.TooFewBallots(ballots, FEWEST_BALLOTS)
