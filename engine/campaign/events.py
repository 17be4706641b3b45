"""What happened in a campaign: ids and counts, nothing else leaves a branch."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from engine.campaign.bodies import Body
from engine.policy.roles import Person
from engine.record import Event, Id


class CampaignOpened(Event):
    """The campaign exists; ``clock_shift_s`` seconds part its calendar from the wall."""

    kind: Literal["CampaignOpened"] = "CampaignOpened"
    campaign: Id
    bodies: tuple[Body, ...]
    people: tuple[Person, ...]
    rehearsal: bool
    clock_shift_s: float


class BodyPlanFiled(Event):
    """The body filed its plan."""

    kind: Literal["BodyPlanFiled"] = "BodyPlanFiled"
    body: Id


class BodyPlanRefined(Event):
    """The body worked out the process in detail."""

    kind: Literal["BodyPlanRefined"] = "BodyPlanRefined"
    body: Id


class BodyGuided(Event):
    """The body was given guidance."""

    kind: Literal["BodyGuided"] = "BodyGuided"
    body: Id


class SelfSearchClosed(Event):
    """The members of the body searched themselves; ``members`` persons, entries by kind."""

    kind: Literal["SelfSearchClosed"] = "SelfSearchClosed"
    body: Id
    members: int
    study: int
    thought: int
    action: int


class CampaignReported(Event):
    """The campaign was reported upward and is over."""

    kind: Literal["CampaignReported"] = "CampaignReported"


class CampaignClockAdvanced(Event):
    """A rehearsal's calendar was moved to ``to``."""

    kind: Literal["CampaignClockAdvanced"] = "CampaignClockAdvanced"
    to: AwareDatetime
    clock_shift_s: float


CampaignEvent: TypeAlias = (
    CampaignOpened | BodyPlanFiled | BodyPlanRefined | BodyGuided | SelfSearchClosed
    | CampaignReported | CampaignClockAdvanced
)  # fmt: skip

EVENT: TypeAdapter[CampaignEvent] = TypeAdapter(
    Annotated[CampaignEvent, Field(discriminator="kind")]
)
"""Reads any event of a campaign from the ledger."""
