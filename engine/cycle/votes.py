"""Rules of votes and of the secret poll: roll and ballots apart, no result before the end.

A ballot is no event: an event has a moment, and with the roll that would tell whose it is.
Ballots are paper; the tellers report sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias, assert_never

from engine.cycle import commands as c, errors, events as e
from engine.cycle.quorum import at_least, more_than
from engine.cycle.state import Cycle, Meeting
from engine.refusal import Refused, refuse

FEWEST_BALLOTS = 5
"""Below this a result would tell who voted what; none reported at all is no result."""


VoteCommand: TypeAlias = c.CountVote | c.OpenPoll | c.ClosePoll | c.CountPoll


def decide(
    cycle: Cycle, meeting: Meeting, command: VoteCommand, now: datetime
) -> tuple[e.CycleEvent, ...]:
    """Return the counted vote or poll, or raise ``Refused`` with every reason."""
    match command:
        case c.CountVote():
            return _vote(cycle, meeting, command, now)
        case c.OpenPoll(monitor=monitor, roll=roll, by=by):
            refuse(_may_not_open(cycle, meeting, command))
            given = tuple(sorted(set(roll)))
            return (e.PollOpened(monitor=monitor, roll=given, at=now, by=by),)
        case c.ClosePoll(returned=returned, by=by):
            refuse(_may_not_close(meeting, returned))
            return (e.PollClosed(returned=returned, at=now, by=by),)
        case c.CountPoll():
            refuse(_may_not_poll(cycle, meeting, command))
            counted = command.model_dump(exclude={"kind", "by"})
            return (e.PollCounted(**counted, at=now, by=command.by),)
        case _ as unreachable:
            assert_never(unreachable)


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
    if cycle.pinned_policy.rights is not None:
        yield from _not_over(meeting, ballots)
    if 0 < ballots < FEWEST_BALLOTS:
        yield errors.TooFewBallots(ballots, FEWEST_BALLOTS)


def _may_not_open(cycle: Cycle, meeting: Meeting, command: c.OpenPoll) -> Iterator[Refused]:
    """Yield every reason; whoever watches the count does not count."""
    if cycle.pinned_policy.rights is None:
        yield errors.RightsOff(cycle.pinned_policy.pack)
    if not cycle.evaluation:
        yield errors.NoEvaluation()
    elif meeting.item != "poll":
        yield errors.ItemNotOpen("poll", meeting.item)
    if meeting.roll:
        yield errors.AlreadyDone("open_poll")
    monitors = [p for p in cycle.holders(("vote_monitor",)) if p != command.by]
    if command.monitor not in monitors:
        yield errors.NotPermitted(command.monitor, "monitor", ("vote_monitor",))
    may = {*meeting.present, *cycle.holders(("mass_rep",))}
    if strangers := tuple(sorted(set(command.roll) - may)):
        yield errors.NotDue(strangers)


def _may_not_close(meeting: Meeting, returned: int) -> Iterator[Refused]:
    if not meeting.roll:
        yield errors.PollNotOpen()
    if meeting.polled or meeting.returned == returned:
        yield errors.AlreadyDone("close_poll")
    if returned > len(meeting.roll):
        yield errors.TooManyVotes(returned, len(meeting.roll))


def _not_over(meeting: Meeting, ballots: int) -> Iterator[Refused]:
    """Yield why nothing is counted yet: no result before every ballot is in."""
    if meeting.returned is None:
        yield errors.PollNotOver()
    elif ballots > meeting.returned:
        yield errors.TooManyVotes(ballots, meeting.returned)
