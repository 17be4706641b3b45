"""The door to running campaigns over Temporal; see ``engine.gateway.Campaigns``."""

from __future__ import annotations

from typing import Any

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from engine.campaign.commands import OpenCampaign
from engine.campaign.decide import open_campaign
from engine.campaign.parse import parse, stream_of
from engine.gateway import (
    CampaignClosed,
    CampaignExists,
    CampaignNotFound,
    CommandRefused,
    Receipt,
    ServerUnreachable,
)
from engine.people.keys import ActorKeys
from engine.refusal import Refused
from engine.settings import Settings
from workflows.sending import Sender
from workflows.shapes import CAMPAIGN_WORKFLOW, CampaignStart
from workflows.vouching import Now, Vouching, wall_now

log = structlog.get_logger()


class TemporalCampaigns:
    """Sends commands to the workflows that hold the campaigns; see ``TemporalGateway``."""

    def __init__(
        self, client: Client, settings: Settings, keys: ActorKeys | None = None, *,
        now: Now = wall_now,
    ) -> None:  # fmt: skip
        self._client = client
        self._settings = settings
        self._vouching = Vouching(keys, now)
        self._sender = Sender(
            client, settings, absent=CampaignNotFound, over=CampaignClosed,
            vouching=self._vouching,
        )  # fmt: skip

    async def open(self, command: OpenCampaign) -> None:
        """Start the campaign's workflow, whose id is its stream's name; see ``Campaigns``."""
        try:
            open_campaign(command, now=await wall_now())  # only to hear reasons
        except Refused as refused:
            raise CommandRefused.because(refused) from None
        start = CampaignStart(
            opening=command, continue_after=self._settings.continue_after_events,
            roots=await self._vouching.roots(),
        )  # fmt: skip
        try:
            await self._client.start_workflow(
                CAMPAIGN_WORKFLOW, start, id=stream_of(command.campaign),
                task_queue=self._settings.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"活动 | campaign {command.campaign}",
            )  # fmt: skip
        except WorkflowAlreadyStartedError as error:
            raise CampaignExists(command.campaign) from error
        except RPCError as error:
            raise ServerUnreachable(str(error)) from error
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
