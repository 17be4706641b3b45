"""Watches a play: hands commands on, and looks at cycles once the ledger has it all."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

from engine.campaign.commands import OpenCampaign
from engine.campaign.parse import stream_of
from engine.cycle.commands import OpenCycle
from engine.cycle.timely import next_due
from engine.gateway import Campaigns, Gateway, Receipt
from engine.ledger.port import Ledger
from engine.policy.calendar import local_day
from engine.scenario.acts import Unit
from engine.scenario.bodies import CampaignCast, FoundCampaign, found_campaign
from engine.scenario.found import Found, found_in
from engine.scenario.offscript import OffScriptError
from engine.scenario.play import Played
from engine.views.readings import Readings

SETTLES_IN_S = 20.0
LOOK_AGAIN_S = 0.05
PAGE = 500


class Onlooker:
    """A gateway that notes how far each stream has come, so that a look misses nothing."""

    def __init__(self, gateway: Gateway, ledger: Ledger, readings: Readings) -> None:
        self._gateway = gateway
        self._ledger = ledger
        self._readings = readings
        self._promised: dict[str, dict[str, int]] = {}
        self._arrived: dict[str, tuple[int, int]] = {}
        self._refused: Counter[str] = Counter()

    async def open(self, command: OpenCycle) -> None:
        """Open a cycle; see ``Gateway``."""
        await self._gateway.open(command)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand the command on; see ``Gateway``."""
        receipt = await self._gateway.submit(cycle, kind, body, command_id=command_id)
        self._promised.setdefault(cycle, {}).update(receipt.versions)
        return receipt

    def told(self, played: Played) -> None:
        """Count the refusals of each cycle."""
        if played.reasons:
            self._refused.update(played.cycles)

    async def look(self, unit: Unit, moment: datetime | None) -> Found:
        """Return how the cycle of ``unit`` stands at ``moment``.

        Waits until the ledger holds every event of which a receipt spoke, and every
        event that time itself has caused by ``moment``.

        Raises:
            OffScriptError: it does not within twenty seconds.
        """
        waited = 0.0
        while missing := self._missing(unit, moment):
            if waited > SETTLES_IN_S:
                raise OffScriptError(f"台账未收到 {missing} | not in the ledger: {missing}")
            await asyncio.sleep(LOOK_AGAIN_S)
            waited += LOOK_AGAIN_S
        day = local_day(moment) if moment else None
        return found_in(self._readings, unit.cycle, refusals=self._refused[unit.cycle], day=day)

    def _missing(self, unit: Unit, moment: datetime | None) -> str:
        """Name an event that the ledger lacks, or nothing."""
        for stream, version in self._promised.get(unit.cycle, {}).items():
            if self._version(stream) < version:
                return f"{stream}@{version}"
        cycle = self._readings.cycle(unit.cycle)
        if cycle is None or cycle.plan is None:
            return f"cycle/{unit.cycle}"
        due = next_due(cycle)
        return f"cycle/{unit.cycle} {due}" if moment and due and due <= moment else ""

    def _version(self, stream: str) -> int:
        """Return the last version of ``stream`` that has arrived."""
        version, position = self._arrived.get(stream, (0, 0))
        while page := self._ledger.read(after=position, stream=stream, limit=PAGE):
            version, position = page[-1].event.version, page[-1].position
        self._arrived[stream] = (version, position)
        return version


class CampaignOnlooker:
    """A door to campaigns that notes how far each has come; see ``Onlooker``."""

    def __init__(self, campaigns: Campaigns, readings: Readings) -> None:
        self._campaigns = campaigns
        self._readings = readings
        self._promised: dict[str, int] = {}

    async def open(self, command: OpenCampaign) -> None:
        """Open a campaign; see ``Campaigns``."""
        await self._campaigns.open(command)
        self._promised[command.campaign] = 1

    async def submit(
        self, campaign: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand the command on; see ``Campaigns``."""
        receipt = await self._campaigns.submit(campaign, kind, body, command_id=command_id)
        self._promised[campaign] = receipt.versions.get(stream_of(campaign), 1)
        return receipt

    async def look_at(self, cast: CampaignCast) -> FoundCampaign:
        """Return how the campaign stands, once the ledger has all that was promised.

        Raises:
            OffScriptError: it does not within twenty seconds.
        """
        name, wanted = cast.campaign, self._promised.get(cast.campaign, 1)
        for _ in range(round(SETTLES_IN_S / LOOK_AGAIN_S)):
            rolled = self._readings.campaign(name)
            if rolled and rolled.version >= wanted:
                return found_campaign(rolled)
            await asyncio.sleep(LOOK_AGAIN_S)
        raise OffScriptError(f"台账未收到 campaign/{name}@{wanted} | not in the ledger")
