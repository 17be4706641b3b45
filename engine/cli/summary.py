"""What came of a demo, as the ledger says it: on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.cli.accounts import opener, show_lists
from engine.cli.books import chain
from engine.cli.campaigns import show_campaign
from engine.cli.parts import Parts, Running
from engine.cli.show import console, styled
from engine.cli.words import Words
from engine.ledger.port import Verdict
from engine.record import Record
from engine.scenario.acts import Act, Snapshot
from engine.scenario.bodies import FoundCampaign
from engine.scenario.found import Found
from engine.scenario.model import Scenario
from engine.scenario.play import Played
from engine.views.lists import ThreeLists


class Refusal(Record):
    """One refusal the scenario met: the rule at work."""

    command: str
    cycles: tuple[str, ...]
    codes: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]


class Ending(Record):
    """The end of a play; ``digest`` vouches for every event of the ledger.

    ``snapshots`` has what was found in the middle, by label and by cycle or campaign,
    ``seen`` the numbers that plugins' own commands showed.
    """

    commands: int
    seconds: float
    refusals: tuple[Refusal, ...]
    campaigns: tuple[FoundCampaign, ...]
    seen: dict[str, int]
    snapshots: dict[str, dict[str, Found | FoundCampaign]]
    verify: Verdict
    digest: str

    def write(self, file: Path) -> None:
        """Write the summary to ``file`` as JSON."""
        file.write_text(self.model_dump_json(indent=2) + "\n", "utf-8")


class Summary(Ending):
    """The end of a play with cycles: the first unit's at the top, the others below."""

    cycle: str
    status: str
    invited: int
    spoke: int
    full_session: int
    states: dict[int, str]
    counts: dict[str, int]
    standings: dict[str, int]
    lists: ThreeLists
    others: tuple[Found, ...]
    plan: str


def summary_of(
    parts: Parts, acts: Sequence[Played], found: Sequence[Found],
    campaigns: Sequence[FoundCampaign], *, seconds: float,
) -> Ending:  # fmt: skip
    """Return the summary of a play whose cycles and campaigns stand as found."""
    verdict = parts.ledger().verify()
    ending = Ending(
        commands=sum(played.commands for played in acts), seconds=round(seconds, 1),
        refusals=tuple(_refusal(p) for p in acts if p.reasons), campaigns=tuple(campaigns),
        seen={name: number for p in acts for name, number in p.seen.items()},
        snapshots=_snapshots(acts), verify=verdict, digest=verdict.head.hash,
    )  # fmt: skip
    if not found:
        return ending
    first, *others = found
    cycle = parts.readings().cycle(first.cycle)
    assert cycle is not None
    return Summary(
        **{**dict(first), **dict(ending)}, others=tuple(others),
        plan=cycle.pinned_plan.digest,
    )  # fmt: skip


def _snapshots(acts: Sequence[Played]) -> dict[str, dict[str, Found | FoundCampaign]]:
    return {
        played.act.snapshot: {
            **{found.cycle: found for found in played.found},
            **{found.campaign: found for found in played.campaigns},
        }
        for played in acts
        if isinstance(played.act, Snapshot)
    }


def _refusal(played: Played) -> Refusal:
    return Refusal(
        command=played.act.do if isinstance(played.act, Act) else "",
        cycles=played.cycles,
        codes=tuple(reason.code for reason in played.reasons),
        facts=tuple(reason.facts for reason in played.reasons),
    )


def epilogue(words: Words, running: Running, told: Ending, script: Scenario) -> None:
    """Print the three lists, the counts, the verdict and where to look next."""
    screen = console()
    screen.print()
    if isinstance(told, Summary):
        _cycle(words, running, told, script.units[0].secretary)
    for campaign in told.campaigns:
        found = running.parts.readings().campaign(campaign.campaign)
        assert found is not None
        show_campaign(words, found, "table")
    verdict(words, told.verify)
    data = running.parts.settings.data_dir.absolute()
    page = words.say("story.page" if running.ui else "story.no_page", ui=running.ui)
    group = "next" if isinstance(told, Summary) else "next_campaign"
    next_ = words.say(
        f"story.{group}", page=page, data=data, cycle=script.cycle, seconds=told.seconds
    )
    screen.print(next_, soft_wrap=True)


def _cycle(words: Words, running: Running, told: Summary, secretary: str) -> None:
    """Print the first cycle: its lists, its counts, its guests."""
    screen = console()
    reading = opener(words, running.parts, secretary, "rectify")
    show_lists(words, told.lists, reading)
    counts = told.counts | {"refusals": len(told.refusals), "commands": told.commands}
    shown = " · ".join(f"{words.of('count', k)} {v}" for k, v in counts.items())
    screen.print()
    screen.print(styled((words.say("story.counts"), "bold"), f" {shown}"), soft_wrap=True)
    screen.print(
        words.say(
            "story.guests", invited=told.invited, spoke=told.spoke, full=told.full_session
        )
    )


def verdict(words: Words, found: Verdict) -> None:
    """Print whether the chain of the ledger holds."""
    if found.ok:
        line = chain(words, found.checked, found.head.hash)
        console().print(styled((line, "green")), soft_wrap=True)
        return
    broken = words.say("done.broken", at=found.first_bad, why=found.reason)
    console().print(styled((broken, "red")), soft_wrap=True)
