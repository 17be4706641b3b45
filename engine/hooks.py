"""The hooks of an engine plugin: what they take, what they give, when they are called.

Both planning hooks are called once per cycle, in the plugin host's process, and must
be pure: the same context gives the same answer. The answer is recorded in the
cycle's ``PlanPinned`` event, so a running cycle never sees a later version.

A hook has 8 s. When it raises, takes longer, answers in another shape or with more
than 128 KB, the plugin's whole contribution is refused and nothing else.
"""

from __future__ import annotations

import pluggy

from engine.plan.steps import Invitation, PlanContext, StepContribution

PROJECT = "taizhang"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Return the steps this plugin adds to the cycle described by ``ctx``.

    Called before the plan is pinned. Steps are placed beside a prescribed step and can
    neither replace nor move one.
    """
    raise NotImplementedError


@hookspec
def contribute_participants(ctx: PlanContext) -> list[Invitation]:
    """Return whom this plugin invites to its own steps, in the order of their turn.

    Called with the same context as ``contribute_steps``; only people of ``ctx`` can be
    invited.
    """
    raise NotImplementedError
