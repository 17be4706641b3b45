"""What a plan is made of: steps, who contributed them, and what was refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, Field, StringConstraints

from engine.policy.roles import Person, Role
from engine.record import Id, Record

Phase: TypeAlias = Literal["before", "meeting", "after"]
Shape: TypeAlias = Literal["core", "evidence", "speakers", "each_member"]
Origin: TypeAlias = Literal["prescribed", "local"]
ScopeLevel: TypeAlias = Literal["province", "city", "unit"]
DecidedBy: TypeAlias = Literal["prescribed", "relation", "roster", "scope", "id"]
StepName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$", max_length=80)
]
"""A prescribed step (``study``) or ``<plugin id>.<name>`` for a local one."""

PluginId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
]
"""A plugin's name, and the first half of the ids of its steps."""

ConflictCode: TypeAlias = Literal[
    "order_cycle",
    "order_contradiction",
    "unknown_anchor",
    "missing_requirement",
    "duplicate_step_id",
    "duplicate_plugin",
    "id_not_namespaced",
    "unknown_step",
    "misplaced_speakers",
    "misplaced_stages",
    "role_may_not_record",
    "invalid_contribution",
    "contribution_timeout",
    "worker_absent",
    "plugin_failed",
    "plan_too_large",
    "plugin_blocked",
    "review_denied",
    "review_warned",
    "slot_reached",
]


class PluginPin(Record):
    """Which plugin, exactly: what a running cycle was planned with."""

    id: Id
    version: str
    digest: str
    scope: ScopeLevel = "unit"
    criticality: Literal["required", "optional"] = "optional"


class Stage(Record):
    """One stage that every member passes in a step of shape ``each_member``.

    ``by`` are the roles that record it; ``subject`` is the member it is about. Once
    ``lapse_working_days`` have passed since the stage before, ``lapses_to`` may record
    it too: silence does not hold a cycle for ever.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
    by: Annotated[tuple[Role | Literal["subject"], ...], Field(min_length=1)]
    lapse_working_days: Annotated[int, Field(ge=0, le=90)] = 0
    lapses_to: Role | None = None


Stages: TypeAlias = Annotated[tuple[Stage, ...], Field(max_length=12)]


class PlannedStep(Record):
    """One step of a pinned plan.

    ``shape`` tells the rules how the step is carried out: ``core`` by rules of its
    own, ``evidence`` by one recorded piece of evidence, ``speakers`` by each of
    ``participants`` speaking exactly once, in order, ``each_member`` by every member
    passing every one of ``stages``.
    """

    id: StepName
    phase: Phase
    shape: Shape = "core"
    origin: Origin = "prescribed"
    plugin: Id | None = None
    slot: str = ""
    role: Role | None = None
    participants: tuple[Id, ...] = ()
    stages: Stages = ()
    decided_by: DecidedBy = "prescribed"


class Conflict(Record):
    """Why the contribution of ``plugin``, or its ``step``, is not in the plan as offered.

    Nothing in it was written by a person.
    """

    code: ConflictCode
    plugin: str
    step: str = ""
    detail: str = ""


class Plan(Record):
    """The plan as pinned: data that needs no plugin to be read.

    ``closing`` are the plugins that are asked before an issue is signed off.
    """

    schema_version: Literal[1] = 1
    steps: tuple[PlannedStep, ...]
    plugins: tuple[PluginPin, ...] = ()
    closing: tuple[PluginId, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    digest: str

    def of_phase(self, phase: Phase) -> tuple[PlannedStep, ...]:
        """Return the steps of ``phase`` in order."""
        return tuple(step for step in self.steps if step.phase == phase)

    def step(self, step_id: str) -> PlannedStep:
        """Return the step named ``step_id``.

        Raises:
            KeyError: the plan has no such step.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)


class StepContribution(Record):
    """A step that a plugin adds beside exactly one prescribed step.

    ``id`` is ``<plugin id>.<name>``. ``after`` and ``before`` name other steps and are
    ignored when those are absent; an absent step in ``requires`` refuses the whole
    contribution. ``role`` is who records it; without one, whoever may record steps.
    A step of shape ``speakers`` stands inside the meeting, one of shape ``each_member``
    outside it and has ``stages``.
    """

    id: StepName
    anchor: StepName
    side: Literal["before", "after"]
    shape: Literal["evidence", "speakers", "each_member"]
    role: Role | None = None
    stages: Stages = ()
    after: tuple[StepName, ...] = ()
    before: tuple[StepName, ...] = ()
    requires: tuple[StepName, ...] = ()


class Invitation(Record):
    """A person whom a plugin invites to take part in one of its steps."""

    step: StepName
    person: Id


class PlanContext(Record):
    """Everything a planning hook may know: no client, no clock, no content.

    ``api`` is the one the plugin that is asked was loaded for.
    """

    api: Literal["1", "2"] = "2"
    cycle: Id
    unit: Id
    opened_at: AwareDatetime
    core_steps: tuple[str, ...]
    people: tuple[Person, ...]
    config: dict[str, Any] = Field(default_factory=dict)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Return the people who hold ``role``, in the order given."""
        return tuple(person for person in self.people if person.holds((role,)))


class Contribution(Record):
    """What one plugin offers to one cycle, or why it offers nothing."""

    pin: PluginPin
    steps: tuple[StepContribution, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    failure: Conflict | None = None
