"""The hooks of an engine plugin: what they take, what they give, when they are called.

Both planning hooks are called once per cycle, in the plugin host's process, and must
be pure: the same context gives the same answer. The answer is recorded in the
cycle's ``PlanPinned`` event, so a running cycle never sees a later version.
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from engine.plan.steps import Invitation, PlanContext, StepContribution

PROJECT = "taizhang"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def contribute_steps(ctx: PlanContext) -> Sequence[StepContribution]:
    """Return the steps this plugin adds to the cycle described by ``ctx``.

    Called before the plan is pinned. At most 10 s; a failure, a late or a badly
    shaped answer drops the plugin's whole contribution and nothing else.
    """
    raise NotImplementedError


@hookspec
def contribute_participants(ctx: PlanContext) -> Sequence[Invitation]:
    """Return whom this plugin invites to its own steps, in the order of their turn.

    Called after ``contribute_steps``, under the same rules.
    """
    raise NotImplementedError
