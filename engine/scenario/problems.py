"""Every problem of a scenario that has the right shape: found before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from engine.bilingual import halves
from engine.campaign import parse as campaigns
from engine.campaign.decide import open_campaign
from engine.cycle.decide import open_cycle
from engine.cycle.parse import parse
from engine.misshapen import reason
from engine.policy.pack import load_pack
from engine.publication.door import about
from engine.refusal import Refused
from engine.scenario.acts import Act, AnyAct, AnyExpectation, Errand, Switching, Unit
from engine.scenario.bodies import CampaignCast, CampaignExpectation
from engine.scenario.marked import Place, Problem
from engine.scenario.model import Scenario
from engine.vault.sealing import refused_texts, without_texts
from engine.views.counts import counts

TEXT_LIMIT = 16_384
"""Bytes of a text by default; a smaller setting is told when the scenario is played."""

UNKNOWN = frozenset({"unknown_person", "unknown_campaigner"})
"""Refusals that a person must meet whom nobody knows."""


def problems_of(scenario: Scenario) -> Iterator[Problem]:
    """Yield everything that would keep ``scenario`` from being played."""
    if not scenario.units and not scenario.campaigns:
        yield Problem(("units",), "没有单位,也没有活动", "neither units nor campaigns")
    for number, cast in enumerate(scenario.campaigns):
        yield from _campaign(scenario, cast, ("campaigns", number))
    if wrong := list(_policy(scenario)):
        yield from wrong
    else:
        for number, unit in enumerate(scenario.units):
            yield from _unit(scenario, unit, ("units", number))
    for number, expected in enumerate(scenario.expect):
        yield from _expected(scenario, expected, ("expect", number))
    seen: list[str] = []
    day = 0
    for number, act in enumerate(scenario.acts):
        place: Place = ("acts", number)
        if act.day is not None and act.day < day:
            said = (f"第 {act.day} 天在第 {day} 天之后", f"day {act.day} comes after day {day}")
            yield Problem((*place, "day"), *said)
        day = max(day, act.day or 0)
        yield from _act(scenario, act, place, seen)


def _policy(scenario: Scenario) -> Iterator[Problem]:
    try:
        load_pack(scenario.policy)
    except (OSError, ValueError):
        name = scenario.policy
        yield Problem(("policy",), f"没有这套规则 {name}", f"no policy pack {name}")


def _unit(scenario: Scenario, unit: Unit, place: Place) -> Iterator[Problem]:
    """Yield what makes the unit's cycle impossible to open."""
    if not any("branch_secretary" in person.roles for person in unit.people):
        yield Problem((*place, "people"), "没有 branch_secretary", "no branch_secretary")
        return
    try:
        open_cycle(scenario.opening(unit), now=scenario.start)
    except Refused as refused:
        for each in refused.reasons:
            yield Problem((*place, "people"), each.sentence("zh"), each.sentence("en"))
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False):
            zh, en = halves(reason(error))
            yield Problem((*place, *error["loc"]), zh, en)
    for key in ("unit", "cycle"):
        value = getattr(unit, key)
        if sum(getattr(other, key) == value for other in scenario.units) > 1:
            yield Problem((*place, key), f"{value} 重复", f"{value} is there twice")


def _campaign(scenario: Scenario, cast: CampaignCast, place: Place) -> Iterator[Problem]:
    """Yield what makes the campaign impossible to open."""
    names = [other.campaign for other in scenario.campaigns]
    if names.count(cast.campaign) > 1:
        name = cast.campaign
        yield Problem((*place, "campaign"), f"{name} 重复", f"{name} is there twice")
    try:
        open_campaign(scenario.opening_of(cast), now=scenario.start)
    except Refused as refused:
        for reason in refused.reasons:
            yield Problem((*place, "people"), reason.sentence("zh"), reason.sentence("en"))


def _act(scenario: Scenario, act: AnyAct, place: Place, seen: list[str]) -> Iterator[Problem]:
    """Yield what is wrong with an act; ``seen`` collects labels and what errands keep."""
    if isinstance(act, Act):
        if not act.campaign:
            yield from _named(scenario, act.unit, (*place, "unit"))
        yield from _commands(scenario, act, (*place, "do"))
        return
    if isinstance(act, Errand):
        yield from _named(scenario, (act.unit,) if act.unit else (), (*place, "unit"))
        if act.each not in seen:
            yield from _grouped(scenario, act, place)
        seen.append(act.keeps)
        return
    if isinstance(act, Switching):
        return
    if act.snapshot in seen:
        label = act.snapshot
        yield Problem((*place, "snapshot"), f"{label} 重复", f"{label} is there twice")
    seen.append(act.snapshot)
    for number, expected in enumerate(act.expect):
        yield from _expected(scenario, expected, (*place, "expect", number))


def _expected(scenario: Scenario, expected: AnyExpectation, place: Place) -> Iterator[Problem]:
    if isinstance(expected, CampaignExpectation):
        yield from _there(scenario, expected.campaign, place)
        return
    yield from _named(scenario, (expected.unit,) if expected.unit else (), (*place, "unit"))
    known = counts(())
    for name in expected.counts.keys() - known.keys():
        there = ", ".join(known)
        yield Problem(
            (*place, "counts", name),
            f"没有这项统计;现有:{there}",
            f"no such counter; there are: {there}",
        )


def _named(scenario: Scenario, names: tuple[str, ...], place: Place) -> Iterator[Problem]:
    """Yield units that are not there, and a unit that has to be named and is not."""
    known = [unit.unit for unit in scenario.units]
    if not names and len(known) > 1:
        yield Problem(place, "有几个单位,须写明是哪个", "there are several units: name one")
    for name in names:
        if name not in known:
            yield Problem(place, f"没有单位 {name}", f"no unit {name}")


def _there(scenario: Scenario, campaign: str, place: Place) -> Iterator[Problem]:
    """Yield a campaign that is not there."""
    if campaign not in (cast.campaign for cast in scenario.campaigns):
        said = (f"没有活动 {campaign}", f"no campaign {campaign}")
        yield Problem((*place, "campaign"), *said)


def _grouped(scenario: Scenario, act: Act | Errand, place: Place) -> Iterator[Problem]:
    """Yield a group that is not there."""
    if isinstance(act.each, str) and scenario.group(act.each) is None:
        yield Problem((*place, "each"), f"没有分组 {act.each}", f"no group {act.each}")


def _commands(scenario: Scenario, act: Act, place: Place) -> Iterator[Problem]:
    """Yield what is wrong with each command of ``act``, as the gateway would say it."""
    wrong = [*_grouped(scenario, act, place[:-1])]
    if act.campaign:
        wrong += _there(scenario, act.campaign, place[:-1])
    if wrong:
        yield from wrong
        return
    casts = [{p.id for p in target.people} for target in scenario.targets(act)]
    reads = campaigns.parse if act.campaign else parse
    known = set.intersection(*casts) if casts else set()
    for body in scenario.lines(act):
        if body["by"] not in known and UNKNOWN.isdisjoint(act.refused):
            said = (f"{act.do}:没有 {body['by']} 这个人", f"{act.do}: no person {body['by']}")
            yield Problem((*place[:-1], "by"), *said)
        if "bad_command" in act.refused:
            continue
        for field, why in refused_texts(
            body, about=about(body), limit_bytes=TEXT_LIMIT
        ).items():
            zh, en = why.split(" | ")
            yield Problem(place, f"{act.do}:{field} {zh}", f"{act.do}: {field} {en}")
        try:
            reads(act.do, without_texts(body))
        except Refused as refused:
            for r in refused.reasons:
                zh, en = r.sentence("zh"), r.sentence("en")
                yield Problem(place, f"{act.do}:{zh}", f"{act.do}: {en}")
