"""Run a plugin's own command in a process of its own, as a person of the unit would."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from engine.day import VARIABLE
from engine.deliveries.deliverer import kept_folder
from engine.deliveries.outcomes import IN_LINE, Outcomes
from engine.deliveries.subscriptions import subscriptions
from engine.host.discovery import discover
from engine.host.manifest import Found
from engine.host.surroundings import surroundings
from engine.ledger.sql import SqlLedger
from engine.private import UMASK
from engine.scenario.errands import Ran
from engine.scenario.offscript import OffScriptError
from engine.settings import Settings
from workflows.places import plugins_folder

HEARS_WITHIN_S = 60.0
LOOK_AGAIN_S = 0.1
ANSWERS_WITHIN_S = 60.0


class PluginErrands:
    """Runs commands of the plugins there are; see ``engine.scenario.errands``."""

    def __init__(self, settings: Settings, ledger: Callable[[], SqlLedger]) -> None:
        self._settings = settings
        self._ledger = ledger

    async def run(self, plugin: str, unit: str, words: Sequence[str], *, today: date) -> Ran:
        """Run the command once the plugin has heard everything; see ``Errands``."""
        found = self._found(plugin)
        await self._heard(found, unit)
        base = self._settings.facts_folder.absolute()
        folder = kept_folder(base, plugin, unit, rehearsal=True)
        place = Path(found.folder)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", place.name, str(folder), *words, cwd=place.parent,
            env=_environment(today), umask=UMASK, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = await asyncio.wait_for(process.communicate(), ANSWERS_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise OffScriptError(f"{plugin} 没有答复 | {plugin} does not answer") from None
        return Ran(code=process.returncode or 0, said=said.decode("utf-8", "replace"))

    def _found(self, plugin: str) -> Found:
        settings = self._settings
        for found in discover(plugins_folder(settings), settings.allowed_plugins):
            if found.id == plugin and not found.error:
                return found
        raise OffScriptError(f"没有插件 {plugin} | there is no plugin {plugin}")

    async def _heard(self, found: Found, unit: str) -> None:
        """Wait until the plugin has taken every event of ``unit`` there is now."""
        if not subscriptions([found]):
            return
        outcomes, head = Outcomes(self._ledger().engine), self._ledger().head().position
        for _ in range(round(HEARS_WITHIN_S / LOOK_AGAIN_S)):
            waiting = [d for d in outcomes.letters(IN_LINE, plugin=found.id) if d.unit == unit]
            if outcomes.reached(found.id) >= head and not waiting:
                return
            await asyncio.sleep(LOOK_AGAIN_S)
        raise OffScriptError(
            f"{found.id} 没有收完 {unit} 的事件 | {found.id} has not taken the events of {unit}"
        )


def _environment(today: date) -> dict[str, str]:
    """Return what the process may know: the rehearsal's day, no secret and no store."""
    return {
        **surroundings(os.environ),
        VARIABLE: today.isoformat(),
        "PYTHONIOENCODING": "utf-8",
    }
