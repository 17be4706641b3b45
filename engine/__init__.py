"""What a plugin author may import; everything else is ours to move.

Looked up on demand: the rules of a cycle live below this package too, and must not
draw in the machinery of hooks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.hooks import hookimpl
    from engine.plan.delivered import Delivered, DeliveryContext
    from engine.plan.steps import Invitation, PlanContext, Stage, StepContribution
    from engine.policy.roles import Person

__all__ = [
    "Delivered",
    "DeliveryContext",
    "Invitation",
    "Person",
    "PlanContext",
    "Stage",
    "StepContribution",
    "hookimpl",
]

_ROOMS = {
    "hookimpl": "engine.hooks",
    "Delivered": "engine.plan.delivered",
    "DeliveryContext": "engine.plan.delivered",
    "Invitation": "engine.plan.steps",
    "PlanContext": "engine.plan.steps",
    "Stage": "engine.plan.steps",
    "StepContribution": "engine.plan.steps",
    "Person": "engine.policy.roles",
}


def __getattr__(name: str) -> object:
    """Return a public name from the room it lives in."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no public name {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
