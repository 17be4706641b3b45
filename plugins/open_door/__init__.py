"""Open-door session: those whom the unit serves attend, and each speaks once."""

from __future__ import annotations

from engine import Invitation, PlanContext, StepContribution, hookimpl

SPEECHES = "open_door.speeches"


@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Add the invitations before the meeting and the speeches after mutual criticism."""
    return [
        StepContribution(
            id="open_door.invitations",
            anchor="material_review",
            side="after",
            shape="evidence",
            role="branch_secretary",
        ),
        StepContribution(
            id=SPEECHES, anchor="mutual_criticism", side="after", shape="speakers"
        ),
    ]


@hookimpl
def contribute_participants(ctx: PlanContext) -> list[Invitation]:
    """Invite everybody on the roster who is a representative, in roster order."""
    guests = [person.id for person in ctx.people if "guest_rep" in person.roles]
    return [Invitation(step=SPEECHES, person=guest) for guest in guests]
