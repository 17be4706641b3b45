"""Play one scenario on a running stack, and hold it to its file."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

from engine.cli.parts import Parts, Running, Stopped
from engine.cli.story import Story
from engine.cli.summary import Ending, summary_of
from engine.cli.words import Words
from engine.scenario.acts import Snapshot
from engine.scenario.bodies import FoundCampaign
from engine.scenario.calendar import Calendar, SkippedCalendar
from engine.scenario.found import Difference, Found, differences
from engine.scenario.model import Scenario
from engine.scenario.offscript import OffScriptError
from engine.scenario.onlooker import CampaignOnlooker, Onlooker
from engine.scenario.play import Beside, Played, play

End: TypeAlias = tuple[tuple[Found, ...], tuple[FoundCampaign, ...]]
"""How the cycles and the campaigns of a play stand when it is over."""


def played_through(
    words: Words, running: Running, script: Scenario
) -> tuple[Ending, list[Difference]]:
    """Play ``script``; return what the ledger says of it, and what it should not say.

    Raises:
        Stopped: it went off the script; snapshots that were wrong before are named too.
    """
    started = time.monotonic()
    acts: list[Played] = []
    with Story(words, script) as story:

        def told(played: Played) -> None:
            acts.append(played)
            story.tell(played)

        try:
            found = asyncio.run(_play(running, script, told))
        except OffScriptError as off:
            early = [line(words, d) for d in _differences(script, acts, None)]
            raise Stopped(*early, *str(off).splitlines()) from off
        finally:
            if script.switches():
                running.parts.switch("")
    seconds = time.monotonic() - started
    summary = summary_of(running.parts, acts, *found, seconds=seconds)
    return summary, _differences(script, acts, found)


async def _play(running: Running, script: Scenario, told: Callable[[Played], None]) -> End:
    """Play ``script`` and return how its cycles and campaigns stand at the end."""
    parts = running.parts
    async with (
        parts.gateway() as gateway,
        parts.campaigns() as doors,
        _calendar(running, script) as calendar,
    ):
        onlooker = Onlooker(gateway, parts.ledger(), parts.readings())
        campaigns = CampaignOnlooker(doors, parts.readings())
        beside = Beside(
            campaigns=campaigns, errands=parts.errands(), switch=parts.switch,
            look_at=campaigns.look_at,
        )  # fmt: skip

        def both(played: Played) -> None:
            onlooker.told(played)
            told(played)

        await play(
            script, onlooker, parts.vault(), told=both, calendar=calendar, beside=beside,
            look=onlooker.look, limit_bytes=parts.settings.text_limit_bytes,
        )  # fmt: skip
        last = max((on for _, _, on in script.timed() if on), default=None)
        return (
            tuple([await onlooker.look(unit, last) for unit in script.units]),
            tuple([await campaigns.look_at(cast) for cast in script.campaigns]),
        )


@asynccontextmanager
async def _calendar(running: Running, script: Scenario) -> AsyncIterator[Calendar | None]:
    """Give the calendar of a server that skips time; None where it cannot."""
    if running.clock is None:
        yield None
        return
    async with running.clock() as clock:
        yield SkippedCalendar(clock, script.start)


def _differences(script: Scenario, acts: Sequence[Played], end: End | None) -> list[Difference]:
    """Return what is not as expected, in snapshots and at the end."""
    wrong: list[Difference] = []
    for played in acts:
        if isinstance(played.act, Snapshot):
            label = played.act.snapshot
            seen = (played.found, played.campaigns)
            wrong += differences(script, played.act.expect, *seen, label=label)
    return [*wrong, *(differences(script, script.expect, *end) if end else ())]


def free(parts: Parts, script: Scenario) -> Scenario:
    """Return ``script`` with its own names, or with a number where a cycle is there."""
    readings = parts.readings()
    cycles = {row.cycle for row in readings.cycles()}
    campaigns = {found.id for found in readings.campaigns()}
    for number in itertools.count(1):
        free = script.numbered(number)
        if cycles.isdisjoint(u.cycle for u in free.units) and campaigns.isdisjoint(
            c.campaign for c in free.campaigns
        ):
            return free
    raise AssertionError("there is always another number")


def held_to(words: Words, wrong: Sequence[Difference]) -> None:
    """Raise ``Stopped`` with every expectation of the file that does not hold."""
    if wrong:
        raise Stopped(*(line(words, difference) for difference in wrong))


def line(words: Words, difference: Difference) -> str:
    """Return a difference as a sentence."""
    return words.say("done.expected", **difference.model_dump())
