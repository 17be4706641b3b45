"""Play every scenario of a suite, and print its numbers beside the article's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.cli.parts import Running, Stopped
from engine.cli.playing import free, line, played_through
from engine.cli.show import console, echo, table
from engine.cli.summary import Ending, verdict
from engine.cli.words import Words
from engine.ledger.port import Verdict
from engine.record import Record
from engine.scenario.acts import Title
from engine.scenario.bodies import FoundCampaign
from engine.scenario.figures import Counted, Counts, judged, numbers_found, numbers_of
from engine.scenario.model import Scenario
from engine.scenario.suite import AtLeast, Note, Repertoire
from engine.views.past import NOW

COLUMNS = ("place", "what", "article", "counted_here", "holds")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NO_NUMBER = "—"


class PlayOf(Record):
    """One play of a suite: what it was called here, and what differed from its file."""

    play: str
    cycles: tuple[str, ...]
    campaigns: tuple[str, ...]
    commands: int
    refusals: int
    seconds: float
    differences: tuple[str, ...]


class SuiteSummary(Record):
    """What came of a suite; ``digest`` vouches for every event of the ledger."""

    title: Title
    plays: tuple[PlayOf, ...]
    figures: tuple[Counted, ...]
    notes: tuple[Note, ...]
    seconds: float
    verify: Verdict
    digest: str


def play_suite(
    words: Words, running: Running, repertoire: Repertoire, summary: Path | None
) -> str:
    """Play everything, print the table, and return a cycle or campaign to look at next.

    Raises:
        Stopped: a play went off its script, or a number does not hold; every one is named.
    """
    started, suite = time.monotonic(), repertoire.suite
    counts, plays = Counts(), []
    for number, (name, script) in enumerate(repertoire.scripts.items(), 1):
        echo(
            "\n" + words.say("suite.play", number=number, of=len(repertoire.scripts), play=name)
        )
        plays.append(_played(words, running, name, script, counts))
    verified = running.parts.ledger().verify()
    told = SuiteSummary(
        title=suite.title, plays=tuple(plays), figures=judged(suite.figures, counts),
        notes=suite.notes, seconds=round(time.monotonic() - started, 1), verify=verified,
        digest=verified.head.hash,
    )  # fmt: skip
    _show(words, running, told)
    if summary:
        summary.write_text(told.model_dump_json(indent=2) + "\n", "utf-8")
    if wrong := [*_differing(plays), *_failing(words, told.figures)]:
        raise Stopped(*wrong)
    return (*plays[0].cycles, *plays[0].campaigns)[0]


def _played(
    words: Words, running: Running, name: str, script: Scenario, counts: Counts
) -> PlayOf:
    """Play one scenario and put what it came to into ``counts``."""
    named = free(running.parts, script)
    told, wrong = played_through(words, running, named)
    _count(running, script, named, told, counts)
    counts.seen[name] = told.seen
    return PlayOf(
        play=name, cycles=tuple(unit.cycle for unit in named.units),
        campaigns=tuple(cast.campaign for cast in named.campaigns), commands=told.commands,
        refusals=len(told.refusals), seconds=told.seconds,
        differences=tuple(line(words, difference) for difference in wrong),
    )  # fmt: skip


def _count(
    running: Running, script: Scenario, named: Scenario, told: Ending, counts: Counts
) -> None:
    """Count every cycle and campaign of a play, under the names its file has for them."""
    readings = running.parts.readings()
    cycles = {n.cycle: u.cycle for u, n in zip(script.units, named.units, strict=True)}
    casts = zip(script.campaigns, named.campaigns, strict=True)
    known = cycles | {n.campaign: c.campaign for c, n in casts}
    for cycle, name in cycles.items():
        past = readings.past(cycle, NOW, wall=LONG_AGO)
        assert past is not None
        counts.ends[name] = numbers_of(past)
    for campaign in told.campaigns:
        counts.ends[known[campaign.campaign]] = campaign.tally
    for label, found in told.snapshots.items():
        for called, one in found.items():
            numbers = one.tally if isinstance(one, FoundCampaign) else numbers_found(one)
            counts.snapshots[label, known[called]] = numbers


def _show(words: Words, running: Running, told: SuiteSummary) -> None:
    screen = console()
    screen.print()
    rows = [_row(words, figure) for figure in told.figures]
    screen.print(table(words, getattr(told.title, words.lang), COLUMNS, rows))
    screen.print(words.say("suite.legend"), soft_wrap=True)
    for note in told.notes:
        place, said = (getattr(part, words.lang) for part in (note.place, note.said))
        screen.print(words.say("suite.note", place=place, said=said), soft_wrap=True)
    verdict(words, told.verify)
    commands = sum(play.commands for play in told.plays)
    refusals = sum(play.refusals for play in told.plays)
    data = running.parts.settings.data_dir.absolute()
    screen.print(
        words.say(
            "suite.done", plays=len(told.plays), commands=commands, refusals=refusals,
            events=told.verify.checked, seconds=told.seconds, data=data,
        ),
        soft_wrap=True,
    )  # fmt: skip


def _row(words: Words, figure: Counted) -> dict[str, str]:
    return {
        "place": getattr(figure.place, words.lang), "what": getattr(figure.what, words.lang),
        "article": _said(figure.article), "counted_here": _counted(figure),
        "holds": "✓" if figure.holds else "✗",
    }  # fmt: skip


def _said(article: int | AtLeast | None) -> str:
    """Return the article's number; an open bound is never printed as an exact one."""
    if isinstance(article, AtLeast):
        return f"≥ {article.at_least:,}"
    return NO_NUMBER if article is None else f"{article:,}"


def _counted(figure: Counted) -> str:
    number = NO_NUMBER if figure.counted is None else f"{figure.counted:,}"
    return f"{number} [FX]" if figure.invented else number


def _differing(plays: Sequence[PlayOf]) -> list[str]:
    return [f"{play.play} {said}" for play in plays for said in play.differences]


def _failing(words: Words, figures: Sequence[Counted]) -> list[str]:
    """Return a line for each figure that does not hold."""
    return [
        words.say(
            "suite.differs", place=getattr(figure.place, words.lang),
            what=getattr(figure.what, words.lang), article=_said(figure.article),
            counted=figure.counted,
        )
        for figure in figures
        if not figure.holds
    ]  # fmt: skip
