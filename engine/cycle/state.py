"""A cycle as it stands: everything a decision may look at, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from engine.issue.state import Issue
from engine.plan.steps import Plan
from engine.policy.pack import Policy
from engine.policy.roles import ANY_MEMBER, MEMBERS, Person, Role, Shield

Status: TypeAlias = Literal[
    "planned",
    "preparing",
    "ready",
    "convened",
    "rectifying",
    "reporting",
    "archived",
    "halted",
    "postponed",
    "rerun_ordered",
]


Reply: TypeAlias = Literal["accepted", "explained", "contested"]
Decision: TypeAlias = Literal["upheld", "struck"]
"""What somebody outside the branch decided of something contested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A closed batch of opinions, by its counts."""

    channel: str
    issued: int
    returned: int
    valid: int
    opinions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A heart-to-heart talk between two; it counts when both have confirmed.

    ``held_on`` is the earlier day of those the two gave, ``after`` how many talks had been
    required when the first of them confirmed.
    """

    pair: tuple[str, str]
    confirmed_by: tuple[str, ...] = ()
    held_on: date | None = None
    after: int = 0

    @property
    def counts(self) -> bool:
        """Say whether both have confirmed it."""
        return set(self.confirmed_by) == set(self.pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredTalk:
    """A talk that became due on a day; ``lifted`` when the member was excused afterwards."""

    member: str
    talker: Literal["secretary", "committee"]
    on: date
    lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfExam:
    """A self-examination on its way through the review loop."""

    status: Literal["submitted", "returned", "approved"] = "submitted"
    returned: int = 0
    verdicts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticism:
    """One criticism: by whom, of whom, and how far it has come.

    ``shown_on`` is the day its wording was confirmed: from then the one criticised can see
    and answer it.
    """

    critic: str
    of: str
    suggestion: str | None
    confirmed: bool = False
    reply: Reply | None = None
    shown_on: date | None = None
    decided: Decision | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict the committee means to give; shown to the member before it is final.

    ``appeal_upheld`` says that an appeal in the cycle was upheld after it was shown,
    whoever appealed; ``judges`` are who proposed it and who decided it.
    """

    grade: str
    shown_on: date
    content: str | None = None
    reply: Reply | None = None
    decided: Decision | None = None
    appeal_upheld: bool = False
    judges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal by its days and texts; whose it is only the sealed text knows.

    ``strikes`` says that it was upheld and that no verdict was struck for it yet.
    """

    about: str
    acknowledge_by: date
    decide_by: date
    acknowledged: bool = False
    decided: bool = False
    late: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    strikes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A guest's presence: before the opening, speaking, until the close."""

    before_opening: bool = False
    present: bool = True
    spoke_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting; who is due and present is frozen at the opening.

    ``roll`` are those who got a ballot, ``returned`` how many came back, once the poll is
    closed.
    """

    number: int
    due: tuple[str, ...]
    present: tuple[str, ...]
    leave: tuple[str, ...]
    chair: str
    recorder: str
    item: str = "opening"
    ended: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    polled: tuple[str, ...] = ()
    roll: tuple[str, ...] = ()
    returned: int | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """The aggregate: the cycle's own facts and the issues it holds.

    ``events`` counts all that were folded but the turns of a rehearsal's calendar, so
    that a rehearsal draws its look-backs as the real cycle would, and but appeals, which
    nobody can count in the cycle's streams; ``claims_from`` is the
    day from which issues may be claimed; ``stopped_on`` the day on which the issues'
    clock was stopped; ``member_steps`` has for each step and member the stage reached and
    the day; ``blocked`` names the required plugins a plan is without, ``dropping`` says
    that it was decided to go on, ``replanning`` that the plan is being composed again;
    ``shields`` are those that earlier cycles left.
    """

    id: str
    unit: str
    opened_at: datetime
    meeting_on: date
    people: dict[str, Person]
    books: tuple[str, ...]
    evaluation: bool
    rehearsal: bool
    clock_shift_s: float
    policy: Policy | None = None
    plan: Plan | None = None
    status: Status = "planned"
    halted_from: Status | None = None
    recorded: tuple[str, ...] = ()
    studied: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exempt: dict[str, tuple[str, ...]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    required_talks: tuple[RequiredTalk, ...] = ()
    self_exams: dict[str, SelfExam] = field(default_factory=dict)
    criticisms: tuple[Criticism, ...] = ()
    guests: dict[str, Guest] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    told: tuple[str, ...] = ()
    proposals: dict[str, Proposal] = field(default_factory=dict)
    appeals: tuple[Appeal, ...] = ()
    shields: tuple[Shield, ...] = ()
    archived_on: date | None = None
    issues: tuple[Issue, ...] = ()
    events: int = 0
    claims_from: date | None = None
    stopped_on: date | None = None
    report_due: date | None = None
    blocked: tuple[str, ...] = ()
    dropping: bool = False
    replanning: bool = False
    member_steps: dict[str, dict[str, tuple[str, date]]] = field(default_factory=dict)

    @property
    def pinned_policy(self) -> Policy:
        """Return the pinned policy; a cycle has one from its second event on."""
        assert self.policy is not None
        return self.policy

    @property
    def edition(self) -> int:
        """Return which edition of the rules of rights binds; 0 where policy has none."""
        rights = self.pinned_policy.rights
        return 0 if rights is None else rights.edition

    @property
    def pinned_plan(self) -> Plan:
        """Return the pinned plan; a cycle has one before it takes its first command."""
        assert self.plan is not None
        return self.plan

    @property
    def meeting(self) -> Meeting | None:
        """Return the latest meeting, open or closed."""
        return self.meetings[-1] if self.meetings else None

    def members(self) -> tuple[str, ...]:
        """Return every member, probationary ones included, in roster order."""
        return self.holders(ANY_MEMBER)

    def voting(self) -> tuple[str, ...]:
        """Return the members entitled to vote: all but the probationary."""
        return self.holders(tuple(sorted(MEMBERS)))

    def holders(self, roles: tuple[Role, ...]) -> tuple[str, ...]:
        """Return everybody who holds one of ``roles``, in roster order."""
        return tuple(p.id for p in self.people.values() if p.holds(roles))

    def excused(self, member: str, gate: str) -> bool:
        """Say whether ``member`` was exempted from ``gate``."""
        return gate in self.exempt.get(member, ())

    def issue(self, number: int) -> Issue | None:
        """Return issue ``number``, counted from 1, if there is one."""
        return self.issues[number - 1] if 1 <= number <= len(self.issues) else None
