"""Open-door session: those whom the unit serves attend, and each speaks once."""

from __future__ import annotations

from engine import Invitation, PlanContext, StepContribution, hookimpl

INVITATIONS = "open_door.invitations"
SPEECHES = "open_door.speeches"


@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    """Add the invitations before the meeting and the speeches after mutual criticism.

    A unit that has named no representative holds its meeting without this step.
    """
    if not ctx.holders("guest_rep"):
        return []
    return [
        StepContribution(
            id=INVITATIONS,
            anchor="opening",
            side="before",
            shape="evidence",
            role="branch_secretary",
        ),
        StepContribution(
            id=SPEECHES,
            anchor="mutual_criticism",
            side="after",
            shape="speakers",
            requires=(INVITATIONS,),
        ),
    ]


@hookimpl
def contribute_participants(ctx: PlanContext) -> list[Invitation]:
    """Invite everybody on the roster who is a representative, in roster order."""
    return [Invitation(step=SPEECHES, person=guest.id) for guest in ctx.holders("guest_rep")]
