"""Statistics as sections: every number beside its definition, every rate beside its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.cli.printed import Section
from engine.cli.show import local
from engine.cli.words import Words
from engine.views.past import Stated
from engine.views.statistics import Rate, RollUp, Tally, unanimous

COUNTERS = ("counter", "value", "definition")
RATED = ("rate", "value", "numerator", "denominator", "definition")
OPINIONS = ("channel", "issued", "collected", "valid", "opinions")
CHILDREN = ("cycle", "unit", "found", "claimed", "measures", "closed", "overdue", "long_term",
    "reopened", "position", "day", "rehearsal")  # fmt: skip
GATHERED = ("below", "units_of_it", "cycles_of_it", "found", "claimed", "measures", "closed",
    "overdue", "long_term", "reopened", "rehearsals")  # fmt: skip


def figures(words: Words, tally: Tally, rates: Mapping[str, Rate]) -> Iterator[Section]:
    """Yield rates, counters, standings and opinions."""
    yield Section(title=words.say("title.rates"), columns=RATED, rows=_rates(words, rates))
    counters = {**tally.counts, "longest_overdue": tally.longest_overdue}
    yield Section(
        title=words.say("title.counters"), columns=COUNTERS,
        rows=[_counted(words, "count", name, value) for name, value in counters.items()],
    )  # fmt: skip
    yield Section(
        title=words.say("title.standings"), columns=COUNTERS,
        rows=[_counted(words, "standing", n, value) for n, value in tally.standings.items()],
    )  # fmt: skip
    yield Section(
        title=words.say("title.opinions"), columns=OPINIONS,
        rows=[
            {**sheets, "channel": words.of("channel", c), "collected": sheets["returned"]}
            for c, sheets in tally.opinions.items()
        ],
    )  # fmt: skip


def _counted(words: Words, group: str, name: str, value: int) -> dict[str, Any]:
    meant = words.say(f"definition.{group}_{name}")
    return {"counter": words.of(group, name), "value": value, "definition": meant}


def _rates(words: Words, rates: Mapping[str, Rate]) -> list[dict[str, Any]]:
    return [
        {
            "rate": words.of("rate", name), "value": shown(words, name, rate),
            "numerator": rate.numerator, "denominator": rate.denominator,
            "definition": words.say(f"definition.rate_{name}"),
        }
        for name, rate in rates.items()
    ]  # fmt: skip


def shown(words: Words, name: str, rate: Rate) -> str:
    """Return the percentage; 一致好评 is said only when everybody asked was satisfied."""
    if name == "mass" and unanimous(rate):
        return words.say("done.unanimous", percent=rate.percent)
    return rate.percent or "-"


def named(words: Words, report: RollUp) -> Iterator[Section]:
    """Yield the cycles that were added up, and the sums in place of those without a name."""
    if report.children or not report.gathered:
        rows = [
            {**child.tally.counts, **stated(child), "rehearsal": child.rehearsal}
            for child in report.children
        ]
        yield Section(title=words.say("title.children"), columns=CHILDREN, rows=rows)
    if report.gathered:
        sums = [
            {
                **sum_.tally.counts, "below": sum_.below or words.say("tier.total"),
                "units_of_it": sum_.units, "cycles_of_it": sum_.cycles,
                "rehearsals": sum_.rehearsals,
            }
            for sum_ in report.gathered
        ]  # fmt: skip
        yield Section(title=words.say("title.gathered"), columns=GATHERED, rows=sums)


def stated(report: Stated) -> dict[str, Any]:
    """Return what a report states of itself."""
    return {
        "cycle": report.cycle, "unit": report.unit, "position": report.position,
        "at": local(report.at), "day": report.day,
    }  # fmt: skip
