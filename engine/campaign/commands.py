"""What people ask of a campaign; a command about bodies may name many at once."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from engine.campaign.bodies import Body
from engine.policy.roles import SUPERIOR, SUPERVISORS, Person, Role
from engine.record import Command, Id

Bodies: TypeAlias = Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]


class OpenCampaign(Command):
    """Open a campaign over ``bodies``; ``people`` are those who speak for it.

    ``rehearsal_from`` makes it a rehearsal: its calendar starts there and is moved by
    ``advance_clock``.
    """

    kind: Literal["open_campaign"] = "open_campaign"
    campaign: Id
    bodies: Annotated[tuple[Body, ...], Field(min_length=1, max_length=1000)]
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=1000)]
    rehearsal_from: AwareDatetime | None = None


class FileBodyPlans(Command):
    """Note that these bodies have filed their plans."""

    kind: Literal["file_body_plans"] = "file_body_plans"
    bodies: Bodies


class RefineBodyPlans(Command):
    """Note that these bodies have worked out the process in detail."""

    kind: Literal["refine_body_plans"] = "refine_body_plans"
    bodies: Bodies


class GuideBodies(Command):
    """Note that these bodies were given guidance."""

    kind: Literal["guide_bodies"] = "guide_bodies"
    bodies: Bodies


class CloseSelfSearch(Command):
    """Close the self-search of a body: counts alone go upward.

    ``members`` took part; ``study``, ``thought`` and ``action`` count their entries about
    shallow study, thought on the surface, and action in the air.
    """

    kind: Literal["close_self_search"] = "close_self_search"
    body: Id
    members: Annotated[int, Field(ge=1, le=1_000_000)]
    study: Count
    thought: Count
    action: Count


class ReportCampaign(Command):
    """Report the campaign upward, which ends it; every body needs all three verbs."""

    kind: Literal["report_campaign"] = "report_campaign"


class AdvanceClock(Command):
    """Move a rehearsal's calendar forward."""

    kind: Literal["advance_clock"] = "advance_clock"
    to: AwareDatetime


CampaignCommand: TypeAlias = (
    FileBodyPlans | RefineBodyPlans | GuideBodies | CloseSelfSearch | ReportCampaign
    | AdvanceClock
)  # fmt: skip

COMMAND: TypeAdapter[CampaignCommand] = TypeAdapter(
    Annotated[CampaignCommand, Field(discriminator="kind")]
)
"""Reads any command of a running campaign from JSON; every wrong field is named."""

MAY: dict[str, tuple[Role, ...]] = {
    "file_body_plans": SUPERIOR,
    "refine_body_plans": SUPERIOR,
    "guide_bodies": SUPERVISORS,
    "close_self_search": ("party_group_leader", *SUPERIOR),
    "report_campaign": SUPERIOR,
    "advance_clock": SUPERIOR,
}
"""Command name to the roles that may send it."""
