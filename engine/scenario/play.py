"""Play a scenario through the gateway, as its people would act one after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from engine.gateway import Campaigns, CommandRefused, Gateway, Reason
from engine.publication.door import handed_in, sealed_command
from engine.record import canonical_json
from engine.scenario.acts import Act, AnyAct, Errand, Snapshot, Switching, Unit
from engine.scenario.bodies import CampaignCast, FoundCampaign
from engine.scenario.calendar import Calendar, CommandedCalendar
from engine.scenario.errands import Errands, checked, seen, worded
from engine.scenario.found import Found
from engine.scenario.model import Scenario
from engine.scenario.offscript import OffScriptError
from engine.vault.port import Vault

Look: TypeAlias = Callable[[Unit, datetime | None], Awaitable[Found]]
"""Returns how a unit's cycle stands at a moment, once the ledger has it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One act after it was played: its cycles, how many commands, and what refused it.

    A snapshot has ``found``, one for each cycle, ``campaigns``, and no commands. An errand
    has the numbers it saw by name.
    """

    number: int
    act: AnyAct
    on: datetime | None
    cycles: tuple[str, ...]
    commands: int = 0
    reasons: tuple[Reason, ...] = ()
    found: tuple[Found, ...] = ()
    campaigns: tuple[FoundCampaign, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a play may need beside the gateway; ``look_at`` is a look at a campaign.

    ``switch`` makes a text the content of ``plugins.toml``.
    """

    campaigns: Campaigns | None = None
    errands: Errands | None = None
    switch: Callable[[str], None] | None = None
    look_at: Callable[[CampaignCast], Awaitable[FoundCampaign]] | None = None


async def play(
    scenario: Scenario,
    gateway: Gateway,
    vault: Vault,
    *,
    told: Callable[[Played], None],
    limit_bytes: int,
    calendar: Calendar | None = None,
    look: Look | None = None,
    beside: Beside | None = None,
) -> None:
    """Open every cycle and campaign, seal the names, and play every act in order.

    ``look`` returns what a snapshot finds; without it snapshots only let days pass.
    Command ids are ``<act>-<line>``, so playing again after a crash repeats nothing.

    Raises:
        OffScriptError: an act was refused that should pass, or the other way round.
    """
    beside = beside or Beside()
    days = calendar or CommandedCalendar(gateway, beside.campaigns)
    stage = _Stage(scenario, gateway, vault, days, limit_bytes, beside)
    await stage.open()
    await days.begin()
    everybody: tuple[Unit | CampaignCast, ...] = (*scenario.units, *scenario.campaigns)
    latest: datetime | None = None
    for number, act, on in scenario.timed():
        latest = on or latest
        if isinstance(act, Act):
            told(await stage.act(number, act, on, latest))
        elif isinstance(act, Errand):
            told(await stage.errand(number, act, on, latest or scenario.start, look))
        elif isinstance(act, Switching):
            await stage.wait(everybody, latest, number)
            stage.switch(act.scopes)
            told(Played(number=number, act=act, on=on, cycles=()))
        else:
            await stage.wait(everybody, latest, number)
            found = [await look(unit, latest) for unit in scenario.units] if look else []
            told(await stage.looked(number, act, on, tuple(found)))
    await stage.wait(everybody, latest, len(scenario.acts) + 1)


def _seal_names(unit: Unit, vault: Vault) -> None:
    for person in unit.people:
        vault.seal(
            person.called, subject=person.id, by=unit.secretary, key=f"{unit.cycle}/called"
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every act is played on; ``kept`` are groups made on the way."""

    scenario: Scenario
    gateway: Gateway
    vault: Vault
    calendar: Calendar
    limit_bytes: int
    beside: Beside
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def open(self) -> None:
        """Open every cycle and every campaign, with the plugins the file says are on."""
        if self.scenario.scopes:
            self.switch(self.scenario.scopes)
        for unit in self.scenario.units:
            _seal_names(unit, self.vault)
            await self.gateway.open(self.scenario.opening(unit))
        for cast in self.scenario.campaigns:
            await self.campaigns.open(self.scenario.opening_of(cast))

    def switch(self, scopes: str) -> None:
        """Let ``scopes`` be what is said of plugins from now on."""
        if self.beside.switch is None:
            raise OffScriptError("这里不能换 plugins.toml | plugins.toml cannot be set here")
        self.beside.switch(scopes)

    @property
    def campaigns(self) -> Campaigns:
        """Return the door to campaigns."""
        if self.beside.campaigns is None:
            raise OffScriptError("这里不能演活动 | campaigns cannot be played here")
        return self.beside.campaigns

    async def wait(
        self, whose: Sequence[Unit | CampaignCast], moment: datetime | None, number: int
    ) -> None:
        """Let days pass until it is ``moment`` for each of ``whose``."""
        if moment is None:
            return
        for one in whose:
            await self.calendar.reach(one, moment, command_id=f"{number}-clock")

    async def act(
        self, number: int, act: Act, on: datetime | None, latest: datetime | None
    ) -> Played:
        """Send every command of ``act`` to everybody it concerns."""
        targets = self.scenario.targets(act)
        await self.wait(targets, latest, number)
        reasons: tuple[Reason, ...] = ()
        count = 0
        for target in targets:
            for line, body in enumerate(self.scenario.lines(act), 1):
                reasons += await self._command(target, act, body, f"{number}-{line}")
                count += 1
        return Played(
            number=number, act=act, on=on, cycles=tuple(map(_name, targets)), commands=count,
            reasons=reasons,
        )  # fmt: skip

    async def errand(
        self, number: int, act: Errand, on: datetime | None, latest: datetime,
        look: Look | None,
    ) -> Played:  # fmt: skip
        """Run the plugin's command for every element and note what was seen.

        A look makes sure that the ledger, and so the plugin, has all that was acknowledged.
        """
        if self.beside.errands is None:
            raise OffScriptError("这里不能运行插件命令 | plugins' commands cannot run here")
        (unit,) = self.scenario.concerned((act.unit,) if act.unit else ())
        await self.wait((unit,), latest, number)
        if look:
            await look(unit, latest)
        told: list[str] = []
        for line, words in enumerate(self.scenario.each(act, self.kept), 1):
            words |= {"cycle": unit.cycle, "today": latest.date().isoformat()}
            ran = await self.beside.errands.run(
                act.plugin, unit.unit, worded(act, words), today=latest.date()
            )
            told.append(checked(act, ran, f"{number}-{line} ({act.plugin})").said)
        said = "\n".join(told)
        if act.keeps:
            self.kept[act.keeps] = tuple(filter(None, said.splitlines()))
        return Played(
            number=number, act=act, on=on, cycles=(unit.cycle,), commands=len(told),
            seen=seen(act, said),
        )  # fmt: skip

    async def looked(
        self, number: int, act: Snapshot, on: datetime | None, found: tuple[Found, ...]
    ) -> Played:
        """Return what a snapshot finds: the cycles it was given, and the campaigns."""
        look_at = self.beside.look_at
        campaigns = [await look_at(c) for c in self.scenario.campaigns] if look_at else []
        return Played(
            number=number, act=act, on=on, cycles=tuple(one.cycle for one in found),
            found=found, campaigns=tuple(campaigns),
        )  # fmt: skip

    async def _command(
        self, target: Unit | CampaignCast, act: Act, body: dict[str, Any], command_id: str
    ) -> tuple[Reason, ...]:
        """Send one command and return its reasons when it is refused as it should be."""
        try:
            await self._send(target, act.do, body, command_id)
        except CommandRefused as refused:
            facts = self.scenario.filled(act.facts, {})
            codes = {reason.code for reason in refused.reasons}
            if set(act.refused) != codes or not _says(refused.reasons, facts):
                zh = "; ".join(r.zh for r in refused.reasons)
                en = "; ".join(r.en for r in refused.reasons)
                raise OffScriptError(
                    f"{_place(act, command_id)}:{zh} | {_place(act, command_id)}: {en}"
                ) from refused
            return refused.reasons
        if act.refused:
            codes_ = ", ".join(act.refused)
            raise OffScriptError(
                f"{_place(act, command_id)}:应因 {codes_} 被拒,却办成了 | "
                f"{_place(act, command_id)}: was not refused for {codes_}"
            )
        return ()

    async def _send(
        self, target: Unit | CampaignCast, kind: str, body: dict[str, Any], command_id: str
    ) -> None:
        if not isinstance(target, Unit):
            await self.campaigns.submit(target.campaign, kind, body, command_id=command_id)
            return
        sealed = sealed_command(
            kind, body, self.vault, cycle=target.cycle, command_id=command_id,
            limit_bytes=self.limit_bytes,
        )  # fmt: skip
        await handed_in(
            self.gateway, self.vault, target.cycle, kind, sealed, command_id=command_id
        )


def _name(target: Unit | CampaignCast) -> str:
    return target.cycle if isinstance(target, Unit) else target.campaign


def _place(act: Act, command_id: str) -> str:
    return f"{command_id} ({act.do})"


def _says(reasons: tuple[Reason, ...], facts: dict[str, Any]) -> bool:
    """Say whether one of ``reasons`` has all of ``facts``."""
    return any(
        all(canonical_json(reason.facts.get(k)) == canonical_json(v) for k, v in facts.items())
        for reason in reasons
    )
