"""The door to running campaigns over Temporal; see ``engine.gateway.Campaigns``."""

from __future__ import annotations

from typing import Any

import structlog
from temporalio.client import Client

from engine.campaign.commands import OpenCampaign
from engine.campaign.decide import open_campaign
from engine.campaign.parse import parse, stream_of
from engine.gateway import (
    CampaignClosed,
    CampaignExists,
    CampaignNotFound,
    CommandRefused,
    Receipt,
)
from engine.people.keys import ActorKeys
from engine.refusal import Refused
from engine.settings import Settings
from workflows.sending import Sender
from workflows.shapes import AWAIT_OPENING, CAMPAIGN_WORKFLOW, CampaignStart
from workflows.starting import Starter
from workflows.vouching import Now, Vouching, wall_now

log = structlog.get_logger()


class TemporalCampaigns:
    """Sends commands to the workflows that hold the campaigns; see ``TemporalGateway``."""

    def __init__(
        self, client: Client, settings: Settings, keys: ActorKeys | None = None, *,
        now: Now = wall_now,
    ) -> None:  # fmt: skip
        self._settings = settings
        vouching = Vouching(keys, now)
        self._starter = Starter(
            client, settings, vouching, workflow=CAMPAIGN_WORKFLOW, exists=CampaignExists
        )
        self._sender = Sender(
            client, settings, absent=CampaignNotFound, over=CampaignClosed, vouching=vouching
        )

    async def open(self, command: OpenCampaign) -> None:
        """Start the campaign's workflow and wait until it is opened; see ``Campaigns``.

        The workflow's id is the name of the campaign's stream.
        """
        try:
            open_campaign(command, now=await wall_now())  # only to hear reasons
        except Refused as refused:
            raise CommandRefused.because(refused) from None
        start = CampaignStart(
            opening=command, continue_after=self._settings.continue_after_events
        )
        target = stream_of(command.campaign)
        await self._starter.start(start, target, summary=f"活动 | campaign {command.campaign}")
        await self._sender.wait(target, AWAIT_OPENING, id=f"{command.campaign}-open")
        log.info("campaign_opened", campaign=command.campaign)

    async def submit(
        self, campaign: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Send the command and wait for its receipt; see ``Campaigns``."""
        receipt = await self._sender.submit(
            stream_of(campaign), kind, body, command_id=command_id, parse=parse
        )
        log.info("command_recorded", campaign=campaign, kind=kind, command=command_id)
        return receipt
