"""What a plugin author may import; everything else is ours to move.

Looked up on demand: the rules of a cycle live below this package too, and must not
draw in the machinery of hooks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.day import today
    from engine.facts import FactFile, FactRefused, typed
    from engine.hooks import hookimpl
    from engine.plan.closing import ClosingContext
    from engine.plan.condition import HealthContext, HealthReport
    from engine.plan.delivered import Delivered, DeliveryContext
    from engine.plan.kinds import EventType, PayloadField, Upcast
    from engine.plan.objections import Objection
    from engine.plan.steps import (
        Invitation,
        PlanContext,
        PlannedStep,
        Stage,
        StepContribution,
    )
    from engine.policy.roles import Person
    from engine.publication.screen import NoticeNotFit, screened
    from engine.terminal import visible

__all__ = [
    "ClosingContext",
    "Delivered",
    "DeliveryContext",
    "EventType",
    "FactFile",
    "FactRefused",
    "HealthContext",
    "HealthReport",
    "Invitation",
    "NoticeNotFit",
    "Objection",
    "PayloadField",
    "Person",
    "PlanContext",
    "PlannedStep",
    "Stage",
    "StepContribution",
    "Upcast",
    "hookimpl",
    "screened",
    "today",
    "typed",
    "visible",
]

_ROOMS = {
    "ClosingContext": "engine.plan.closing",
    "FactFile": "engine.facts",
    "FactRefused": "engine.facts",
    "typed": "engine.facts",
    "hookimpl": "engine.hooks",
    "HealthContext": "engine.plan.condition",
    "HealthReport": "engine.plan.condition",
    "Delivered": "engine.plan.delivered",
    "DeliveryContext": "engine.plan.delivered",
    "EventType": "engine.plan.kinds",
    "PayloadField": "engine.plan.kinds",
    "Upcast": "engine.plan.kinds",
    "Objection": "engine.plan.objections",
    "Invitation": "engine.plan.steps",
    "PlanContext": "engine.plan.steps",
    "PlannedStep": "engine.plan.steps",
    "Stage": "engine.plan.steps",
    "StepContribution": "engine.plan.steps",
    "Person": "engine.policy.roles",
    "NoticeNotFit": "engine.publication.screen",
    "screened": "engine.publication.screen",
    "today": "engine.day",
    "visible": "engine.terminal",
}


def __getattr__(name: str) -> object:
    """Return a public name from the room it lives in."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no public name {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
