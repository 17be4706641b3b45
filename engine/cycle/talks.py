"""Rules of heart-to-heart talks: who has to talk with whom, and that both have confirmed.

Some talks are due by an occasion (六必谈): somebody of the committee says so, and the
occasion stays sealed. Source: domain 2.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.cycle import commands as c, errors, events as e
from engine.cycle.state import Cycle, RequiredTalk, Talk
from engine.policy.roles import BRANCH, SECRETARY
from engine.refusal import Refused, refuse


def require(cycle: Cycle, command: c.RequireTalk, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the talk that is due, told to the member and to all who may hold it."""
    member = command.member
    refuse(_may_not_require(cycle, command))
    asked = command.model_dump(exclude={"kind", "by"})
    to = (member, *talkers(cycle, member, command.talker))
    return (e.TalkRequired(**asked, to=to, at=now, by=command.by),)


def confirm(cycle: Cycle, command: c.ConfirmTalk, now: datetime) -> tuple[e.CycleEvent, ...]:
    """Return the confirmation of one of the two."""
    if command.other not in cycle.members():
        raise errors.NotDue((command.other,))
    if command.other == command.by:
        raise errors.NotYours(command.other)
    talk = cycle.talks.get(command.talk)
    if talk and set(talk.pair) != {command.by, command.other}:
        raise errors.AlreadyDone(command.talk)
    if talk and command.by in talk.confirmed_by:
        raise errors.AlreadyDone(command.talk)
    confirmed = command.model_dump(exclude={"kind", "by"})
    return (e.TalkConfirmed(**confirmed, at=now, by=command.by),)


def talkers(cycle: Cycle, member: str, talker: c.Talker) -> tuple[str, ...]:
    """Return who may hold a talk with ``member``: the secretary, or any of the committee."""
    roles = SECRETARY if talker == "secretary" else BRANCH
    return tuple(p for p in cycle.holders(roles) if p != member)


def untalked(cycle: Cycle) -> tuple[str, ...]:
    """Return the members with whom a talk is still to be held, in roster order."""
    held = _talks_held(cycle)
    lacking = {due.member for due in open_requirements(cycle)}
    for member in cycle.members():
        if not cycle.excused(member, "talks") and not _talked(cycle, member, held):
            lacking.add(member)
    return tuple(m for m in cycle.members() if m in lacking)


def open_requirements(cycle: Cycle) -> tuple[RequiredTalk, ...]:
    """Return the talks that were required and not held since; an earlier one is none."""
    numbered = enumerate(cycle.required_talks, 1)
    return tuple(d for n, d in numbered if not d.lifted and not _held_since(cycle, n, d))


def to_talk(cycle: Cycle) -> tuple[str, ...]:
    """Return the members with whom a talk is due: not excused, or required all the same."""
    required = {due.member for due in cycle.required_talks if not due.lifted}
    return tuple(m for m in cycle.members() if m in required or not cycle.excused(m, "talks"))


def _may_not_require(cycle: Cycle, command: c.RequireTalk) -> Iterator[Refused]:
    member = command.member
    if member not in cycle.members():
        yield errors.NotDue((member,))
    if member == command.by:
        yield errors.OwnTalk(member)
    elif not talkers(cycle, member, command.talker):
        yield errors.NobodyToTalk(member)


def _held_since(cycle: Cycle, number: int, due: RequiredTalk) -> bool:
    holders = talkers(cycle, due.member, due.talker)
    return any(
        due.member in talk.pair and not set(holders).isdisjoint(talk.pair)
        for talk in cycle.talks.values()
        if talk.counts and talk.after >= number and _on_or_after(talk, due)
    )


def _on_or_after(talk: Talk, due: RequiredTalk) -> bool:
    return talk.held_on is not None and talk.held_on >= due.on


def _talks_held(cycle: Cycle) -> dict[str, set[str]]:
    """Return with whom each has talked; a talk counts when both have confirmed it."""
    held: dict[str, set[str]] = {}
    for talk in cycle.talks.values():
        if talk.counts:
            for one, other in (talk.pair, talk.pair[::-1]):
                held.setdefault(one, set()).add(other)
    return held


def _talked(cycle: Cycle, member: str, held: dict[str, set[str]]) -> bool:
    """Say whether ``member`` has talked: with anybody, or with each the policy asks for."""
    if cycle.policy is None or not cycle.policy.talk_pairs:
        return member in held
    return _talked_as_due(cycle, member, held.get(member, set()))


def _talked_as_due(cycle: Cycle, member: str, partners: set[str]) -> bool:
    """Say whether ``member`` has talked with everybody the pairs of 2.4 ask for.

    Nobody has to wait for a talk with someone who is excused from talks.
    """
    secretary, committee = set(cycle.holders(SECRETARY)), set(cycle.holders(BRANCH))
    if member in secretary:
        return _expected(cycle, committee - secretary) <= partners
    if member in committee:
        return _expected(cycle, secretary) <= partners
    others = set(cycle.members()) - committee - {member}
    return all(due & partners for due in (committee, others) if _expected(cycle, due))


def _expected(cycle: Cycle, people: set[str]) -> set[str]:
    return {person for person in people if not cycle.excused(person, "talks")}
