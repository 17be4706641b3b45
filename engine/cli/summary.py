"""What came of a demo, as the ledger says it: on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.cli.accounts import opener, show_lists
from engine.cli.books import chain
from engine.cli.parts import Parts, Running
from engine.cli.show import console
from engine.cli.words import Words
from engine.ledger.port import Verdict
from engine.record import Record
from engine.scenario.acts import Act, Snapshot
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


class Summary(Record):
    """The end of a played scenario; ``digest`` vouches for every event of the ledger.

    The cycle at the top is the first unit's, ``others`` are those of the other units;
    ``snapshots`` has what was found in the middle, by label and cycle.
    """

    cycle: str
    status: str
    invited: int
    spoke: int
    full_session: int
    commands: int
    seconds: float
    refusals: tuple[Refusal, ...]
    states: dict[int, str]
    counts: dict[str, int]
    standings: dict[str, int]
    lists: ThreeLists
    others: tuple[Found, ...]
    snapshots: dict[str, dict[str, Found]]
    verify: Verdict
    plan: str
    digest: str

    def write(self, file: Path) -> None:
        """Write the summary to ``file`` as JSON."""
        file.write_text(self.model_dump_json(indent=2) + "\n", "utf-8")


def summary_of(
    parts: Parts, acts: Sequence[Played], found: Sequence[Found], *, seconds: float
) -> Summary:
    """Return the summary of a play whose cycles stand as ``found``."""
    first, *others = found
    cycle = parts.readings().cycle(first.cycle)
    assert cycle is not None
    verdict = parts.ledger().verify()
    return Summary(
        **{**dict(first), "refusals": tuple(_refusal(p) for p in acts if p.reasons)},
        commands=sum(played.commands for played in acts),
        seconds=round(seconds, 1),
        others=tuple(others),
        snapshots=_snapshots(acts),
        verify=verdict,
        plan=cycle.pinned_plan.digest,
        digest=verdict.head.hash,
    )


def _snapshots(acts: Sequence[Played]) -> dict[str, dict[str, Found]]:
    return {
        played.act.snapshot: {found.cycle: found for found in played.found}
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


def epilogue(words: Words, running: Running, told: Summary, script: Scenario) -> None:
    """Print the three lists, the counts, the verdict and where to look next."""
    vault = running.parts.vault()
    screen = console()
    screen.print()
    show_lists(
        words, told.lists, opener(words, vault, script.units[0].secretary, "taizhang demo")
    )
    counts = told.counts | {"refusals": len(told.refusals), "commands": told.commands}
    shown = " · ".join(f"{words.of('count', k)} {v}" for k, v in counts.items())
    screen.print(f"\n[bold]{words.say('story.counts')}[/bold] {shown}", soft_wrap=True)
    screen.print(
        words.say(
            "story.guests", invited=told.invited, spoke=told.spoke, full=told.full_session
        )
    )
    if told.verify.ok:
        screen.print(
            f"[green]{chain(words, told.verify.checked, told.digest)}[/green]", soft_wrap=True
        )
    else:
        broken = words.say("done.broken", at=told.verify.first_bad, why=told.verify.reason)
        screen.print(f"[red]{broken}[/red]", soft_wrap=True)
    data = running.parts.settings.data_dir.absolute()
    page = words.say("story.page" if running.ui else "story.no_page", ui=running.ui)
    next_ = words.say(
        "story.next", page=page, data=data, cycle=told.cycle, seconds=told.seconds
    )
    screen.print(next_, soft_wrap=True)
