"""Play a scenario through the gateway, as its people would act one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.gateway import CommandRefused, Gateway, Reason
from engine.record import canonical_json
from engine.scenario.model import Act, Scenario
from engine.vault.port import Vault
from engine.vault.sealing import seal_texts


class OffScriptError(Exception):
    """The engine answered otherwise than the scenario says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One act after it was played: how many commands, and what refused it."""

    number: int
    act: Act
    commands: int
    reasons: tuple[Reason, ...] = ()


async def play(
    scenario: Scenario,
    gateway: Gateway,
    vault: Vault,
    *,
    told: Callable[[Played], None],
    limit_bytes: int,
) -> None:
    """Open the cycle, seal the names, and play every act in order.

    Command ids are ``<act>-<line>``, so playing again after a crash repeats nothing.

    Raises:
        OffScriptError: an act was refused that should pass, or the other way round.
    """
    for person in scenario.people:
        vault.seal(
            person.called,
            subject=person.id,
            by=scenario.secretary,
            key=f"{scenario.cycle}/called",
        )
    await gateway.open(scenario.opening())
    for number, act in enumerate(scenario.act, 1):
        if act.on is not None:
            await _turn_calendar(scenario, gateway, number, act.on)
        reasons: tuple[Reason, ...] = ()
        count = 0
        for line, body in enumerate(scenario.lines(act), 1):
            command_id = f"{number}-{line}"
            sealed = seal_texts(
                body, vault, subject=scenario.cycle, by=body["by"],
                key=f"{scenario.cycle}/{command_id}", limit_bytes=limit_bytes,
            )  # fmt: skip
            reasons += await _submit(scenario, gateway, act, number, sealed, command_id)
            count += 1
        told(Played(number=number, act=act, commands=count, reasons=reasons))


async def _turn_calendar(
    scenario: Scenario, gateway: Gateway, number: int, to: datetime
) -> None:
    body = {"by": scenario.secretary, "to": to.isoformat()}
    await gateway.submit(scenario.cycle, "advance_clock", body, command_id=f"{number}-clock")


async def _submit(
    scenario: Scenario,
    gateway: Gateway,
    act: Act,
    number: int,
    body: dict[str, Any],
    command_id: str,
) -> tuple[Reason, ...]:
    try:
        await gateway.submit(scenario.cycle, act.do, body, command_id=command_id)
    except CommandRefused as refused:
        codes = {reason.code for reason in refused.reasons}
        if set(act.refused) != codes or not _says(refused.reasons, act.facts):
            said = "; ".join(r.zh for r in refused.reasons)
            raise OffScriptError(f"act {number} ({act.do}, {command_id}): {said}") from refused
        return refused.reasons
    if act.refused:
        raise OffScriptError(f"act {number} ({act.do}) was not refused for {act.refused}")
    return ()


def _says(reasons: tuple[Reason, ...], facts: dict[str, Any]) -> bool:
    """Say whether one of ``reasons`` has all of ``facts``."""
    return any(
        all(canonical_json(reason.facts.get(k)) == canonical_json(v) for k, v in facts.items())
        for reason in reasons
    )
