"""The hooks of an engine plugin: what they take, what they give, when they are called.

The planning hooks are called in the plugin host's process, before the plan of a cycle is
pinned, and must be pure: the same context gives the same answer. What they answered is
recorded in the cycle's ``PlanPinned`` event, so a running cycle never sees a later version.
"""

from __future__ import annotations

import pluggy

from engine.plan.closing import ClosingContext
from engine.plan.condition import HealthContext, HealthReport
from engine.plan.delivered import Delivered, DeliveryContext
from engine.plan.kinds import EventType
from engine.plan.objections import Objection
from engine.plan.steps import Invitation, PlanContext, PlannedStep, StepContribution

PROJECT = "taizhang"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Return the steps this plugin adds to the cycle described by ``ctx``.

    Args:
        ctx: The cycle, its unit, its people by id and role, and when it was opened.

    Returns:
        Steps whose ids begin with the plugin's own id and a dot, each beside one
        prescribed step; they can neither replace nor move one. An empty list adds none.

    When called:
        Once before the plan is pinned, again when a blocked plan is tried anew and when
        somebody orders ``replan``.

    Idempotency:
        Pure: no clock, no chance, no network, no file that changes.

    On failure:
        It has 8 s and 128 KB. When it raises, takes longer, answers in another shape or
        with more, the whole contribution is refused and nothing else: an optional plugin is
        left out and named in the plan's conflicts, a required one blocks the plan until it
        answers or a superior decides.
    """
    raise NotImplementedError


@hookspec
def contribute_participants(ctx: PlanContext) -> list[Invitation]:
    """Return whom this plugin invites to its own steps, in the order of their turn.

    Args:
        ctx: The same context as for ``contribute_steps``.

    Returns:
        Invitations of people of ``ctx`` to steps that this plugin contributes.

    When called:
        Together with ``contribute_steps``.

    Idempotency:
        Pure, as ``contribute_steps``.

    On failure:
        The plugin's steps are refused together with its invitations.
    """
    raise NotImplementedError


@hookspec
def review_plan(ctx: PlanContext, steps: tuple[PlannedStep, ...]) -> list[Objection]:
    """Return what this plugin has against a plan it can no longer change.

    Args:
        ctx: The same context as for ``contribute_steps``.
        steps: Every step of the merged plan, in order, prescribed and local.

    Returns:
        Objections: ``warn`` is recorded in the plan, ``deny`` keeps it from being pinned
        until the plan is another or a superior decides. An empty list has none.

    When called:
        After the merge and before the plan is pinned; again at each merge.

    Idempotency:
        Pure, as ``contribute_steps``.

    On failure:
        The review is missing and named in the plan's conflicts; the plan of a required
        plugin is blocked, that of an optional one is pinned without its review.
    """
    raise NotImplementedError


@hookspec
def review_closing(ctx: ClosingContext) -> list[Objection]:
    """Return what this plugin has against signing off an issue that fulfils every rule.

    Args:
        ctx: The issue, its cycle, and the folder where the plugin keeps what it heard.

    Returns:
        Objections: ``warn`` is recorded, ``deny`` holds the closing back. An empty list
        has none. A plugin can hold an issue open; it can close none.

    When called:
        Whenever somebody asks for an issue to be signed off that the rules would let go,
        for each plugin pinned in the cycle's plan. Asking again asks again. Nothing else
        of the cycle waits for the answer.

    Idempotency:
        Reads only, and may come more than once for one closing.

    On failure:
        It has 8 s. An optional plugin that raises, hangs, is away or answers in another
        shape is on record as silent and the issue is closed; a required one holds it
        back until it answers.
    """
    raise NotImplementedError


@hookspec
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Take note of an event that the ledger holds; it can no longer be changed.

    Args:
        ctx: The plugin's own folder, its configuration, and the key of this delivery.
        event: The event, with sealed references in place of what people wrote.

    Returns:
        Nothing. What follows from the event is written to ``ctx.folder``.

    When called:
        Outside the cycle, after the event is in the ledger, in the order of the ledger
        for each cycle of a unit the plugin is on for. No cycle waits for it.

    Idempotency:
        At least once: the same ``ctx.key`` may come again and changes nothing more.

    On failure:
        It is tried again with growing pauses and then set aside as a dead letter with
        the class and line of the error. No cycle notices.
    """
    raise NotImplementedError


@hookspec
def register_event_types() -> list[EventType]:
    """Return the types of event that belong to this plugin.

    Args:
        None.

    Returns:
        Types whose kind is the plugin's own id, a dot and a name; each says which fields
        it has, and how a payload of each older version becomes the next. They are data,
        and kept: the events can be read when the plugin is gone.

    When called:
        Once, when the plugin is loaded.

    Idempotency:
        Pure: one version of a plugin answers the same for ever, and a published version
        of a type never changes and never goes.

    On failure:
        The plugin counts as failed and none of its hooks is called; so it is when a
        published version is another now, with both in the error.
    """
    raise NotImplementedError


@hookspec
def check_health(ctx: HealthContext) -> HealthReport:
    """Say whether the plugin can do its work, and by a code what it lacks.

    Args:
        ctx: The plugin's id and its configuration.

    Returns:
        One report; ``taizhang plugins list`` shows its status and code.

    When called:
        After the plugin is loaded, and whenever the host looks at its plugins again.

    Idempotency:
        Reads only. It may come at any time and any number of times.

    On failure:
        The plugin is shown as degraded with the class and line of the error, and is
        called as before: to be ill is no reason to be left out of a plan.
    """
    raise NotImplementedError
