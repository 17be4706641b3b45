"""What a decision about an issue knows besides the issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from engine.issue.events import IssueEvent
from engine.issue.state import Issue
from engine.policy.calendar import local_day
from engine.policy.pack import Policy, Recipient
from engine.policy.roles import BRANCH, SECRETARY, SUPERIOR, Person, Role

E = TypeVar("E", bound=IssueEvent)

RECIPIENTS: dict[Recipient, tuple[Role, ...]] = {
    "secretary": SECRETARY,
    "unit_head": SECRETARY,
    "committee": BRANCH,
    "leader": ("committee_member",),
    "superior": SUPERIOR,
}
"""A recipient of a policy pack to the roles it means; the owner and everyone are no role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Who asks, by which policy, when, and who else is there.

    ``reviewers`` are the plugins that are asked before a closing.
    """

    by: str
    people: Mapping[str, Person]
    policy: Policy
    now: datetime
    reviewers: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        """Return the person who asks; time itself is none."""
        return self.people[self.by]

    @property
    def today(self) -> date:
        """Return the local day."""
        return local_day(self.now)

    def fact(self, kind: type[E], issue: Issue, **fields: Any) -> E:
        """Return the event ``kind`` of ``issue``, here and now."""
        return kind(issue=issue.number, at=self.now, by=self.by, **fields)

    def told(self, issue: Issue, recipients: Iterable[Recipient]) -> tuple[str, ...]:
        """Return the persons meant by ``recipients``, each once, in that order."""
        found: dict[str, None] = {}
        for recipient in recipients:
            found |= dict.fromkeys(self._meant(issue, recipient))
        return tuple(found)

    def _meant(self, issue: Issue, recipient: Recipient) -> tuple[str, ...]:
        if recipient == "owner":
            return (issue.owner,) if issue.owner else ()
        if recipient == "everyone":
            return tuple(self.people)
        roles = RECIPIENTS[recipient]
        return tuple(p.id for p in self.people.values() if p.holds(roles))
