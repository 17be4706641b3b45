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
from engine.cycle.guests import invited
from engine.ledger.port import Verdict
from engine.record import Record
from engine.scenario.model import Scenario
from engine.scenario.play import Played
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import NOW


class Refusal(Record):
    """One refusal the scenario met: the rule at work."""

    command: str
    codes: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]


class Summary(Record):
    """The end of a played scenario; ``digest`` vouches for every event of the ledger."""

    cycle: str
    status: str
    invited: int
    spoke: int
    full_session: int
    commands: int
    seconds: float
    refusals: tuple[Refusal, ...]
    counts: dict[str, int]
    lists: ThreeLists
    verify: Verdict
    plan: str
    digest: str

    def write(self, file: Path) -> None:
        """Write the summary to ``file`` as JSON."""
        file.write_text(self.model_dump_json(indent=2) + "\n", "utf-8")

    def differences(self, expected: dict[str, int | str]) -> list[tuple[str, Any, Any]]:
        """Return what is not as expected: its name, the expected and the found value."""
        found: dict[str, Any] = {
            **self.counts, "status": self.status, "invited": self.invited,
            "spoke": self.spoke, "full_session": self.full_session,
            "refusals": len(self.refusals),
        }  # fmt: skip
        return [(k, v, found.get(k)) for k, v in expected.items() if found.get(k) != v]


def summary_of(parts: Parts, name: str, acts: Sequence[Played], *, seconds: float) -> Summary:
    """Return the summary of a cycle, read from the ledger and its views alone."""
    readings = parts.readings()
    cycle, past = readings.cycle(name), readings.past(name, NOW, wall=parts.clock())
    assert cycle is not None
    assert past is not None
    guests = cycle.guests.values()
    verdict = parts.ledger().verify()
    return Summary(
        cycle=name,
        status=cycle.status,
        invited=len(invited(cycle)),
        spoke=sum(bool(guest.spoke_in) for guest in guests),
        full_session=sum(guest.before_opening and guest.present for guest in guests),
        commands=sum(played.commands for played in acts),
        seconds=round(seconds, 1),
        refusals=tuple(_refusal(played) for played in acts if played.reasons),
        counts=readings.counts(name),
        lists=lists_of(past),
        verify=verdict,
        plan=cycle.pinned_plan.digest,
        digest=verdict.head.hash,
    )


def _refusal(played: Played) -> Refusal:
    return Refusal(
        command=played.act.do,
        codes=tuple(reason.code for reason in played.reasons),
        facts=tuple(reason.facts for reason in played.reasons),
    )


def epilogue(words: Words, running: Running, told: Summary, script: Scenario) -> None:
    """Print the three lists, the counts, the verdict and where to look next."""
    vault = running.parts.vault()
    screen = console()
    screen.print()
    show_lists(words, told.lists, opener(words, vault, script.secretary, "taizhang demo"))
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
    next_ = words.say(
        "story.next", ui=running.ui, data=data, cycle=told.cycle, seconds=told.seconds
    )
    screen.print(next_, soft_wrap=True)
