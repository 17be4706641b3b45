"""A campaign rolled up by tier: how many bodies have each verb behind them, and who lacks it.

Counts of the self-search are sums over bodies; no body's own counts are shown upward, and no
two looks differ by the entries of fewer than five members (P03).
Source: domain S04, S09, S26.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.campaign.bodies import VERBS, reached
from engine.campaign.decide import lacking
from engine.campaign.events import SelfSearchClosed
from engine.campaign.state import Campaign
from engine.record import Record

K = 5
"""So many members together before their entries are added to a sum that is shown."""


class SelfSearch(Record):
    """Bodies that have closed their self-search, members who took part, entries by kind.

    ``too_few`` of those bodies are in no other count yet: they have fewer than five members
    between them, and wait for the next to close.
    """

    bodies: int
    too_few: int
    members: int
    study: int
    thought: int
    action: int


class TierCount(Record):
    """One tier: its bodies, and how many have each verb behind them."""

    tier: str
    bodies: int
    filed: int
    refined: int
    guided: int
    search: SelfSearch


class CampaignRollUp(Record):
    """The whole campaign; ``missing`` names who lacks each verb, ``total`` sums the tiers.

    ``version`` counts the events it was folded from.
    """

    campaign: str
    version: int
    reported: bool
    tiers: tuple[TierCount, ...]
    total: TierCount
    missing: dict[str, tuple[str, ...]]


def rolled_up(campaign: Campaign) -> CampaignRollUp:
    """Return the campaign by tier, in the order the tiers were named."""
    tiers = dict.fromkeys(campaign.tiers.values())
    counted = tuple(
        _counted(campaign, tier, [b for b, t in campaign.tiers.items() if t == tier])
        for tier in tiers
    )
    total = _counted(campaign, "", campaign.tiers)
    searched = _summed(tier.search for tier in counted)
    return CampaignRollUp(
        campaign=campaign.id, version=campaign.version, reported=campaign.reported,
        tiers=counted, total=total.model_copy(update={"search": searched}),
        missing={verb: lacking(campaign, verb) for verb in VERBS},
    )  # fmt: skip


def _counted(campaign: Campaign, tier: str, bodies: Iterable[str]) -> TierCount:
    listed = list(bodies)
    behind = {
        verb: sum(reached(campaign.progress[body], verb) for body in listed) for verb in VERBS
    }
    return TierCount(
        tier=tier, bodies=len(listed), search=_searched(campaign, listed), **behind
    )


def _searched(campaign: Campaign, bodies: list[str]) -> SelfSearch:
    closed = [event for body, event in campaign.searched.items() if body in bodies]
    shown = closed[: _told(closed)]
    return SelfSearch(
        bodies=len(closed), too_few=len(closed) - len(shown),
        members=sum(s.members for s in shown), study=sum(s.study for s in shown),
        thought=sum(s.thought for s in shown), action=sum(s.action for s in shown),
    )  # fmt: skip


def _told(closed: list[SelfSearchClosed]) -> int:
    """Return how many, in the order of closing, fill groups of ``K`` members or more.

    The groups follow from the order alone, so every look at every moment has the same.
    """
    told = waiting = 0
    for number, event in enumerate(closed, 1):
        waiting += event.members
        if waiting >= K:
            told, waiting = number, 0
    return told


def _summed(tiers: Iterable[SelfSearch]) -> SelfSearch:
    """Return the sum of what the tiers show; a sum of its own would show what one holds."""
    every = list(tiers)
    return SelfSearch(
        **{name: sum(getattr(tier, name) for tier in every) for name in SelfSearch.model_fields}
    )


def waits_for(campaign: Campaign) -> str:
    """Return in plain words how far the campaign has come; counts only."""
    total = rolled_up(campaign).total
    if campaign.reported:
        return f"{campaign.id}\n\n已上报 | reported"
    done = f"{total.filed}/{total.refined}/{total.guided}"
    return (
        f"{campaign.id}\n\n{total.bodies} 个单位,方案、流程、指导 {done} | "
        f"{total.bodies} bodies: plan, process, guidance {done}"
    )
