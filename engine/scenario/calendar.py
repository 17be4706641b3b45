"""How days pass while a scenario is played: by command, or by skipping the server's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from engine.gateway import CampaignClosed, Campaigns, CommandRefused, CycleClosed, Gateway
from engine.scenario.acts import Unit
from engine.scenario.bodies import CampaignCast

PASSED_ALREADY = frozenset({"clock_goes_forward", "wrong_status", "campaign_over"})
"""Why a calendar needs no turning: the moment is over, or the cycle is."""


class ServerClock(Protocol):
    """The clock of a server that can skip time."""

    async def now(self) -> datetime:
        """Return what time it is for the server."""

    async def skip(self, duration: timedelta) -> None:
        """Let ``duration`` pass at once; whatever is due meanwhile rings in its turn."""


class Calendar(Protocol):
    """Lets the days of a rehearsal pass."""

    async def begin(self) -> None:
        """Note that every cycle is open: it is day 0 now."""

    async def reach(
        self, whose: Unit | CampaignCast, moment: datetime, *, command_id: str
    ) -> None:
        """Return when it is at least ``moment`` in the unit's cycle, or in the campaign."""


class CommandedCalendar:
    """Turns calendars by ``advance_clock``: for a server of real time."""

    def __init__(self, gateway: Gateway, campaigns: Campaigns | None = None) -> None:
        self._gateway = gateway
        self._campaigns = campaigns
        self._reached: dict[str, datetime] = {}

    async def begin(self) -> None:
        """Nothing to note: each cycle carries its own calendar."""

    async def reach(
        self, whose: Unit | CampaignCast, moment: datetime, *, command_id: str
    ) -> None:
        """Turn the calendar unless it has come so far already."""
        name = whose.cycle if isinstance(whose, Unit) else f"campaign/{whose.campaign}"
        if self._reached.get(name, moment - timedelta(1)) >= moment:
            return
        self._reached[name] = moment
        try:
            await self._turn(whose, moment, command_id)
        except (CycleClosed, CampaignClosed):
            return
        except CommandRefused as refused:
            if not {reason.code for reason in refused.reasons} <= PASSED_ALREADY:
                raise

    async def _turn(self, whose: Unit | CampaignCast, to: datetime, command_id: str) -> None:
        body = {"to": to.isoformat()}
        if isinstance(whose, Unit):
            body["by"] = whose.secretary
            await self._gateway.submit(
                whose.cycle, "advance_clock", body, command_id=command_id
            )
            return
        assert self._campaigns is not None
        body["by"] = whose.officer
        await self._campaigns.submit(
            whose.campaign, "advance_clock", body, command_id=command_id
        )


class SkippedCalendar:
    """Skips the server's time; no command, and the workflows' own timers ring."""

    def __init__(self, clock: ServerClock, start: datetime) -> None:
        self._clock = clock
        self._start = start
        self._opened: datetime | None = None
        self._reached = start

    async def begin(self) -> None:
        """Note the server's time at which the last cycle was open."""
        self._opened = await self._clock.now()

    async def reach(
        self, whose: Unit | CampaignCast, moment: datetime, *, command_id: str
    ) -> None:
        """Skip what is left until ``moment``; nothing when it is over already."""
        if moment <= self._reached:
            return
        self._reached = moment
        assert self._opened is not None
        left = (moment - self._start) - (await self._clock.now() - self._opened)
        if left > timedelta():
            await self._clock.skip(left)
