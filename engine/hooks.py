"""The hooks of an engine plugin: what they take, what they give, when they are called.

Both planning hooks are called in the plugin host's process, before the plan of a cycle is
pinned, and must be pure: the same context gives the same answer. What they answered is
recorded in the cycle's ``PlanPinned`` event, so a running cycle never sees a later version.
"""

from __future__ import annotations

import pluggy

from engine.plan.delivered import Delivered, DeliveryContext
from engine.plan.steps import Invitation, PlanContext, StepContribution

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
