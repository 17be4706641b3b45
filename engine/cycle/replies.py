"""When something about a person is final: answered, silent long enough, or decided outside.

Nothing is final before the person had the window to see and answer it; what is contested
stays so until somebody outside the branch decides. Source: domain section 5, P09 and P10.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

from engine.cycle import errors
from engine.cycle.state import Criticism, Cycle, Proposal
from engine.issue.state import Issue
from engine.policy.calendar import Computed, working_days_after
from engine.policy.pack import Policy
from engine.refusal import Refused

Finality: TypeAlias = Literal["open", "contested", "struck", "final"]


def window(shown_on: date, policy: Policy) -> Computed:
    """Return the last day on which the person's answer is waited for."""
    assert policy.rights is not None, "only a policy with rights has a window"
    days = policy.rights.reply_working_days
    return working_days_after(shown_on, days, policy, rule="reply_working_days")


def finality(shown: Criticism | Proposal, policy: Policy, today: date) -> Finality:
    """Say how far ``shown`` is from being final; ``struck`` counts for nothing any more."""
    if shown.decided is not None:
        return "final" if shown.decided == "upheld" else "struck"
    if shown.reply is not None:
        return "contested" if shown.reply == "contested" else "final"
    if shown.shown_on is None:
        return "open"
    return "final" if today > window(shown.shown_on, policy).day else "open"


def unfinal(cycle: Cycle, today: date, *kinds: Finality) -> tuple[int, ...]:
    """Return the numbers of criticisms that are one of ``kinds``; rights pinned.

    One that its critic has not confirmed is open: nobody was shown it. It is left out where
    it would be waited for, since after the meeting it cannot be confirmed any more.
    """
    policy = cycle.pinned_policy
    if policy.rights is None:
        return ()
    return tuple(
        number
        for number, item in enumerate(cycle.criticisms, 1)
        if (item.confirmed or cycle.edition >= 3) and finality(item, policy, today) in kinds
    )


def _confirmed(cycle: Cycle, numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for number in numbers if cycle.criticisms[number - 1].confirmed)


def contested_of(cycle: Cycle, member: str, today: date) -> tuple[int, ...]:
    """Return the contested criticisms of ``member`` that wait for a decision."""
    return tuple(
        n for n in unfinal(cycle, today, "contested") if cycle.criticisms[n - 1].of == member
    )


def unpublishable(cycle: Cycle, issue: Issue, today: date) -> Iterator[Refused]:
    """Yield why nothing about ``issue`` is published: the criticism behind it is not final."""
    not_yet = unfinal(cycle, today, "open", "contested", "struck")
    if held := [n for n in not_yet if _behind(cycle.criticisms[n - 1], n, issue)]:
        yield errors.CriticismsNotFinal(_shown(held))


def unanswered(cycle: Cycle, today: date) -> Iterator[Refused]:
    """Yield the criticisms whose window is open."""
    if waiting := _confirmed(cycle, unfinal(cycle, today, "open")):
        yield errors.CriticismsNotFinal(_shown(waiting))


def undecided(cycle: Cycle, today: date) -> Iterator[Refused]:
    """Yield the criticisms that wait for an answer or a decision."""
    if waiting := _confirmed(cycle, unfinal(cycle, today, "open", "contested")):
        yield errors.CriticismsNotFinal(_shown(waiting))


def _behind(item: Criticism, number: int, issue: Issue) -> bool:
    """Say whether ``issue`` comes from the item: said so, or the same two persons."""
    if issue.criticism is not None:
        return issue.criticism == number
    return item.of == issue.subject and item.critic in issue.critics


def _shown(numbers: tuple[int, ...] | list[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))
