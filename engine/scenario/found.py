"""What a look at a cycle finds, and how it differs from what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.cycle.guests import invited
from engine.issue.deadlines import standing
from engine.record import Record
from engine.scenario.acts import AnyExpectation, Expectation
from engine.scenario.bodies import CampaignExpectation, FoundCampaign
from engine.scenario.model import Scenario
from engine.views.lists import ThreeLists, lists_of
from engine.views.past import NOW
from engine.views.readings import Readings

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Found(Record):
    """How a cycle stands, read from the ledger and its views alone.

    ``states`` gives each issue's status by its number; ``refusals`` counts the acts
    that were refused so far.
    """

    cycle: str
    status: str
    invited: int
    spoke: int
    full_session: int
    refusals: int
    states: dict[int, str]
    counts: dict[str, int]
    standings: dict[str, int]
    lists: ThreeLists


class Difference(Record):
    """One expectation that does not hold."""

    what: str
    expected: Any
    found: Any


def found_in(readings: Readings, name: str, *, refusals: int, day: date | None) -> Found:
    """Return how the cycle ``name`` stands on ``day``, or on the day of its last event.

    The ledger has to know the cycle; the wall clock has no say in a rehearsal.
    """
    past = readings.past(name, NOW, wall=LONG_AGO)
    assert past is not None
    past = replace(past, day=day or past.day)
    cycle = past.cycle
    guests = cycle.guests.values()
    return Found(
        cycle=name,
        status=cycle.status,
        invited=len(invited(cycle)) if cycle.plan else 0,
        spoke=sum(bool(guest.spoke_in) for guest in guests),
        full_session=sum(guest.before_opening and guest.present for guest in guests),
        refusals=refusals,
        states={issue.number: issue.status for issue in cycle.issues},
        counts=readings.counts(name),
        standings=dict(Counter(standing(issue, past.day) for issue in cycle.issues)),
        lists=lists_of(past),
    )


def differences(
    scenario: Scenario,
    expected: Sequence[AnyExpectation],
    found: Sequence[Found],
    campaigns: Sequence[FoundCampaign] = (),
    *,
    label: str = "",
) -> Iterator[Difference]:
    """Yield every expectation that does not hold, under its label and unit or campaign."""
    by_cycle = {one.cycle: one for one in found}
    by_campaign = {one.campaign: one for one in campaigns}
    for expectation in expected:
        if isinstance(expectation, CampaignExpectation):
            yield from _of_campaign(expectation, by_campaign[expectation.campaign], label)
            continue
        for unit in scenario.concerned((expectation.unit,) if expectation.unit else ()):
            place = [label] if label else []
            place += [unit.unit] if len(scenario.units) > 1 else []
            for what, wanted, is_ in _compared(expectation, by_cycle[unit.cycle]):
                if wanted != is_:
                    name = " ".join((*place, what))
                    yield Difference(what=name, expected=wanted, found=is_)


def _of_campaign(
    expected: CampaignExpectation, found: FoundCampaign, label: str
) -> Iterator[Difference]:
    place = f"{label} {found.campaign}".strip()
    for name, wanted in expected.tally.items():
        if (is_ := found.tally.get(name)) != wanted:
            yield Difference(what=f"{place} tally.{name}", expected=wanted, found=is_)
    for verb, bodies in expected.missing.items():
        if (lacking := found.missing.get(verb)) != bodies:
            yield Difference(what=f"{place} missing.{verb}", expected=bodies, found=lacking)


def _compared(expected: Expectation, found: Found) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the expected and the found value of whatever is expected."""
    for name in ("status", "invited", "spoke", "full_session", "refusals"):
        if (wanted := getattr(expected, name)) is not None:
            yield name, wanted, getattr(found, name)
    for number, status in expected.states.items():
        yield f"states.{number}", status, found.states.get(number)
    for name, count in expected.counts.items():
        yield f"counts.{name}", count, found.counts.get(name)
    for where, count in expected.standings.items():
        yield f"standings.{where}", count, found.standings.get(where, 0)
    for name in ("issues", "measures", "duties"):
        if (wanted := getattr(expected.lists, name)) is not None:
            rows = tuple(row.issue for row in getattr(found.lists, name))
            yield f"lists.{name}", wanted, len(rows) if isinstance(wanted, int) else rows
