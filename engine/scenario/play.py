"""Play a scenario through the gateway, as its people would act one after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.gateway import CommandRefused, Gateway, Reason
from engine.publication.door import sealed_command
from engine.record import canonical_json
from engine.scenario.acts import Act, AnyAct, Snapshot, Unit
from engine.scenario.calendar import Calendar, CommandedCalendar
from engine.scenario.found import Found
from engine.scenario.model import Scenario
from engine.vault.port import Vault


class OffScriptError(Exception):
    """The engine answered otherwise than the scenario says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One act after it was played: its cycles, how many commands, and what refused it.

    A snapshot has ``found``, one for each cycle, and no commands.
    """

    number: int
    act: AnyAct
    on: datetime | None
    cycles: tuple[str, ...]
    commands: int = 0
    reasons: tuple[Reason, ...] = ()
    found: tuple[Found, ...] = ()


async def play(
    scenario: Scenario,
    gateway: Gateway,
    vault: Vault,
    *,
    told: Callable[[Played], None],
    limit_bytes: int,
    calendar: Calendar | None = None,
    look: Callable[[Unit, datetime | None], Awaitable[Found]] | None = None,
) -> None:
    """Open every cycle, seal the names, and play every act in order.

    ``look`` returns what a snapshot finds; without it snapshots only let days pass.
    Command ids are ``<act>-<line>``, so playing again after a crash repeats nothing.

    Raises:
        OffScriptError: an act was refused that should pass, or the other way round.
    """
    days = calendar or CommandedCalendar(gateway)
    for unit in scenario.units:
        _seal_names(unit, vault)
        await gateway.open(scenario.opening(unit))
    await days.begin()
    stage = _Stage(scenario, gateway, vault, days, limit_bytes)
    latest: datetime | None = None
    for number, act, on in scenario.timed():
        latest = on or latest
        if isinstance(act, Act):
            told(await stage.act(number, act, on, latest))
            continue
        await stage.wait(scenario.units, latest, number)
        found = [await look(unit, latest) for unit in scenario.units] if look else []
        told(_looked(number, act, on, tuple(found)))
    await stage.wait(scenario.units, latest, len(scenario.acts) + 1)


def _seal_names(unit: Unit, vault: Vault) -> None:
    for person in unit.people:
        vault.seal(
            person.called, subject=person.id, by=unit.secretary, key=f"{unit.cycle}/called"
        )


def _looked(
    number: int, act: Snapshot, on: datetime | None, found: tuple[Found, ...]
) -> Played:
    cycles = tuple(one.cycle for one in found)
    return Played(number=number, act=act, on=on, cycles=cycles, found=found)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every act is played on."""

    scenario: Scenario
    gateway: Gateway
    vault: Vault
    calendar: Calendar
    limit_bytes: int

    async def wait(self, units: Sequence[Unit], moment: datetime | None, number: int) -> None:
        """Let days pass until it is ``moment`` in every cycle of ``units``."""
        if moment is None:
            return
        for unit in units:
            await self.calendar.reach(unit, moment, command_id=f"{number}-clock")

    async def act(
        self, number: int, act: Act, on: datetime | None, latest: datetime | None
    ) -> Played:
        """Send every command of ``act`` in every unit it concerns."""
        units = self.scenario.concerned(act.unit)
        await self.wait(units, latest, number)
        reasons: tuple[Reason, ...] = ()
        count = 0
        for unit in units:
            for line, body in enumerate(self.scenario.lines(act), 1):
                reasons += await self._command(unit, act, body, f"{number}-{line}")
                count += 1
        cycles = tuple(unit.cycle for unit in units)
        return Played(
            number=number, act=act, on=on, cycles=cycles, commands=count, reasons=reasons
        )

    async def _command(
        self, unit: Unit, act: Act, body: dict[str, Any], command_id: str
    ) -> tuple[Reason, ...]:
        """Send one command and return its reasons when it is refused as it should be."""
        try:
            sealed = sealed_command(
                act.do, body, self.vault, cycle=unit.cycle, command_id=command_id,
                limit_bytes=self.limit_bytes,
            )  # fmt: skip
            await self.gateway.submit(unit.cycle, act.do, sealed, command_id=command_id)
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


def _place(act: Act, command_id: str) -> str:
    return f"{command_id} ({act.do})"


def _says(reasons: tuple[Reason, ...], facts: dict[str, Any]) -> bool:
    """Say whether one of ``reasons`` has all of ``facts``."""
    return any(
        all(canonical_json(reason.facts.get(k)) == canonical_json(v) for k, v in facts.items())
        for reason in reasons
    )
