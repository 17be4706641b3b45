"""The people of a rehearsed cycle, each called by what they do, and a context with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.policy.roles import Person, Role

ROLES: dict[str, tuple[Role, ...]] = {
    "secretary": ("branch_secretary", "member"),
    "committee": ("committee_member", "member"),
    "leader": ("party_group_leader", "member"),
    "recorder": ("recorder", "member"),
    "collector": ("opinion_collector", "member"),
    "teller": ("teller", "vote_monitor", "member"),
    "verifier": ("verifier", "member"),
    "publisher": ("publisher", "privacy_officer", "member"),
    "archivist": ("archivist", "member"),
    "cadre": ("leading_cadre",),
    "probationer": ("probationary_member",),
    "guest_1": ("guest_rep",),
    "guest_2": ("guest_rep",),
    "neighbour": ("mass_rep",),
    "resident": ("resident",),
    "superior": ("superior_officer",),
    "guidance": ("guidance_group",),
    "reviewer": ("appeal_reviewer",),
}
"""Person id to roles; every role there is has somebody."""

CAST: tuple[Person, ...] = tuple(Person(id=i, roles=roles) for i, roles in ROLES.items())
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday 2 March 2026, 9 o'clock in China: the first day of a rehearsed cycle."""


def plan_context(people: Sequence[Person] = CAST, **changes: Any) -> PlanContext:
    """Return what a planning hook is told of a cycle with ``people``.

    ``changes`` are fields of ``PlanContext``, for instance ``unit="branch-2"``.
    """
    told: dict[str, Any] = {
        "cycle": "cycle-1",
        "unit": "branch-1",
        "opened_at": START,
        "core_steps": CORE_STEPS,
        "people": tuple(people),
    }
    return PlanContext.model_validate({**told, **changes})
