"""Rules of the verdict on a member: shown first, answered, decided outside, then told.

A verdict is a committee's, never a count's: no poll and no points become a grade here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import TypeAlias, assert_never

from engine.cycle import commands as c, errors, events as e
from engine.cycle.appeals import reviewers
from engine.cycle.replies import contested_of, finality, window
from engine.cycle.state import Cycle, Proposal
from engine.policy.calendar import local_day
from engine.policy.roles import BRANCH
from engine.refusal import Refused, refuse

VerdictCommand: TypeAlias = (
    c.ProposeVerdict | c.ReplyToVerdict | c.DecideVerdict | c.TellVerdict | c.StrikeVerdict
)


def decide(cycle: Cycle, command: VerdictCommand, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason."""
    by = command.by
    match command:
        case c.ProposeVerdict(member=member, grade=grade, content=content):
            refuse(_may_not_propose(cycle, command))
            shown = e.VerdictProposed(
                member=member, grade=grade, content=content, to=(member,), at=now, by=by
            )
            return (shown,)
        case c.ReplyToVerdict(outcome=outcome, content=content):
            refuse(_may_not_reply(cycle, by))
            return (
                e.VerdictReplied(member=by, outcome=outcome, content=content, at=now, by=by),
            )
        case c.DecideVerdict(member=member, outcome=outcome, reason=reason):
            refuse(_may_not_decide(cycle, member, by))
            return (
                e.VerdictDecided(member=member, outcome=outcome, reason=reason, at=now, by=by),
            )
        case c.TellVerdict(member=member, grade=grade):
            refuse(_may_not_tell(cycle, command, local_day(now)))
            content = _as_shown(cycle, member) or command.content
            assert content is not None, "a verdict is told in writing"
            return (e.VerdictTold(member=member, grade=grade, content=content, at=now, by=by),)
        case c.StrikeVerdict(member=member, reason=reason):
            refuse(_may_not_strike(cycle, command))
            to = tuple(dict.fromkeys((member, *cycle.holders(BRANCH))))
            return (e.VerdictStruck(member=member, reason=reason, to=to, at=now, by=by),)
        case _ as unreachable:
            assert_never(unreachable)


def most_excellent(cycle: Cycle) -> int | None:
    """Return how many may be found excellent, rounded down; None when there is no cap.

    A third of 10 is 3. The probationary take part without a grade and do not count.
    """
    cap = cycle.pinned_policy.excellent_cap
    return None if cap is None else floor(len(cycle.voting()) * Fraction(cap))


def outside(cycle: Cycle, person: str) -> Iterator[Refused]:
    """Yield why ``person`` may not decide for the branch's members: being one of them."""
    if person in cycle.members():
        yield errors.OfTheBranch(person)


def _due_a_verdict(cycle: Cycle, member: str) -> Iterator[Refused]:
    if not cycle.evaluation:
        yield errors.NoEvaluation()
    if member not in cycle.voting():
        yield errors.NotDue((member,))
    if member in cycle.told:
        yield errors.AlreadyDone(f"verdict {member}")


def _may_not_propose(cycle: Cycle, command: c.ProposeVerdict) -> Iterator[Refused]:
    member = command.member
    yield from _due_a_verdict(cycle, member)
    if command.by == member:
        yield errors.OwnVerdict(member)
    standing = cycle.proposals.get(member)
    if standing and standing.reply == "contested" and standing.decided is None:
        yield errors.VerdictContested(member)
    most = most_excellent(cycle)
    if command.grade != "excellent" or most is None:
        return
    others = {m for m, p in cycle.proposals.items() if _excellent(p) and m != member}
    if len(others) >= most:
        yield errors.TooManyExcellent(len(others) + 1, most)


def _excellent(proposal: Proposal) -> bool:
    return proposal.grade == "excellent" and proposal.decided != "struck"


def _may_not_reply(cycle: Cycle, member: str) -> Iterator[Refused]:
    proposal = cycle.proposals.get(member)
    if proposal is None:
        yield errors.VerdictNotProposed(member)
    elif proposal.reply is not None or member in cycle.told:
        yield errors.AlreadyDone(f"reply {member}")


def _may_not_decide(cycle: Cycle, member: str, by: str) -> Iterator[Refused]:
    yield from outside(cycle, by)
    proposal = cycle.proposals.get(member)
    if proposal is None or proposal.reply != "contested" or proposal.decided is not None:
        yield errors.NotContested(f"verdict {member}")


def _may_not_strike(cycle: Cycle, command: c.StrikeVerdict) -> Iterator[Refused]:
    """Yield why the verdict stands; only who takes appeals learns that one was upheld."""
    yield from outside(cycle, command.by)
    if command.member not in cycle.told:
        yield errors.VerdictNotTold(command.member)
    proposal = cycle.proposals.get(command.member)
    if command.by not in reviewers(cycle, "verdict") or not (
        proposal and proposal.appeal_upheld
    ):
        yield errors.NoAppealUpheld(command.member)
    elif any(command.reason in appeal.texts for appeal in cycle.appeals):
        yield errors.ReasonOfAnAppeal()
    elif cycle.edition >= 2 and not any(appeal.strikes for appeal in cycle.appeals):
        yield errors.NoAppealLeft(command.member)


def _may_not_tell(cycle: Cycle, command: c.TellVerdict, today: date) -> Iterator[Refused]:
    yield from _due_a_verdict(cycle, command.member)
    if cycle.pinned_policy.rights is not None:
        yield from _not_final(cycle, command, today)
    yield from _not_as_shown(cycle, command)


def _as_shown(cycle: Cycle, member: str) -> str | None:
    """Return the text that the member was shown; None where a cycle tells another."""
    return cycle.proposals[member].content if cycle.edition >= 2 else None


def _not_as_shown(cycle: Cycle, command: c.TellVerdict) -> Iterator[Refused]:
    """Yield what lets the words told differ from those the member could answer."""
    if cycle.edition < 2:
        if command.content is None:
            yield errors.FieldMissing("content")
        return
    if command.content is not None:
        yield errors.ToldAsShown(command.member)
    if command.by == command.member:
        yield errors.OwnVerdict(command.member)


def _not_final(cycle: Cycle, command: c.TellVerdict, today: date) -> Iterator[Refused]:
    """Yield what keeps a verdict from being final: not shown, not answered, contested."""
    member, policy = command.member, cycle.pinned_policy
    proposal = cycle.proposals.get(member)
    if proposal is None or proposal.grade != command.grade:
        yield errors.VerdictNotProposed(member)
    else:
        match finality(proposal, policy, today):
            case "open":
                last = window(proposal.shown_on, policy).day
                yield errors.ReplyWindowOpen(member, last.isoformat())
            case "contested":
                yield errors.VerdictContested(member)
            case "struck":
                yield errors.VerdictStruck(member)
    if contested := contested_of(cycle, member, today):
        yield errors.CriticismsNotFinal(tuple(map(str, contested)))
