"""Campaigns of a scenario: bodies by tier, people, and how a campaign has to stand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.campaign.bodies import Body
from engine.campaign.rollup import CampaignRollUp, TierCount
from engine.policy.roles import Role
from engine.record import Id, Record
from engine.scenario.groups import Number, Run


class Speaker(Record):
    """Somebody who speaks for a campaign."""

    id: Id
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class Tier(Record):
    """One tier: ``bodies`` of them, called ``<tier>-<number>``."""

    tier: Id
    bodies: Number

    def ids(self) -> tuple[str, ...]:
        """Return the ids of its bodies."""
        return tuple(Run(repeat=self.bodies, **{"as": f"{self.tier}-{{n}}"}).elements())


class CampaignCast(Record):
    """A campaign; the superior officer among its people opens it and moves its calendar."""

    campaign: Id
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    people: Annotated[tuple[Speaker, ...], Field(min_length=1)]

    @property
    def officer(self) -> str:
        """Return who opens the campaign; the first of its people when none is superior."""
        return next(
            (p.id for p in self.people if "superior_officer" in p.roles), self.people[0].id
        )

    def bodies(self) -> tuple[Body, ...]:
        """Return every body, tier by tier."""
        return tuple(Body(id=name, tier=t.tier) for t in self.tiers for name in t.ids())


class CampaignExpectation(Record):
    """How a campaign has to stand; what is left out may be anything.

    ``tally`` has numbers of the roll-up (``filed``, ``county.bodies``, ``members``),
    ``missing`` who lacks a verb.
    """

    campaign: Id
    tally: dict[str, int] = Field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class FoundCampaign(Record):
    """How a campaign stands, read from the ledger alone."""

    campaign: str
    tally: dict[str, int]
    missing: dict[str, tuple[str, ...]]


def found_campaign(rolled: CampaignRollUp) -> FoundCampaign:
    """Return the roll-up as one table of numbers; those of a tier begin with its name."""
    tally = _numbers(rolled.total, "")
    for tier in rolled.tiers:
        tally |= _numbers(tier, f"{tier.tier}.")
    return FoundCampaign(campaign=rolled.campaign, tally=tally, missing=rolled.missing)


def _numbers(tier: TierCount, prefix: str) -> dict[str, int]:
    search = tier.search.model_dump()
    search["bodies_searched"] = search.pop("bodies")
    counted = tier.model_dump(exclude={"tier", "search"})
    return {f"{prefix}{name}": value for name, value in (counted | search).items()}
