"""A campaign as its events left it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from engine.campaign import events as e
from engine.campaign.bodies import Progress
from engine.policy.roles import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Everything a decision may look at; ``tiers`` gives each body's, in their order.

    ``version`` counts the events so far.
    """

    id: str
    tiers: Mapping[str, str]
    people: Mapping[str, Person]
    rehearsal: bool
    clock_shift_s: float
    progress: Mapping[str, Progress] = field(default_factory=dict)
    searched: Mapping[str, e.SelfSearchClosed] = field(default_factory=dict)
    reported: bool = False
    version: int = 1


def moment(campaign: Campaign, wall: datetime) -> datetime:
    """Return the campaign's own moment for the wall clock's ``wall``."""
    return wall + timedelta(seconds=campaign.clock_shift_s)


def opened(event: e.CampaignOpened) -> Campaign:
    """Return the campaign that ``event`` begins."""
    return Campaign(
        id=event.campaign,
        tiers={body.id: body.tier for body in event.bodies},
        people={person.id: person for person in event.people},
        rehearsal=event.rehearsal,
        clock_shift_s=event.clock_shift_s,
        progress=dict.fromkeys((body.id for body in event.bodies), "not_filed"),
    )


def folded(events: Iterable[e.CampaignEvent]) -> Campaign:
    """Return the campaign after ``events``, of which the first opens it."""
    first, *others = events
    assert isinstance(first, e.CampaignOpened)
    return fold(opened(first), others)


def fold(campaign: Campaign, events: Iterable[e.CampaignEvent]) -> Campaign:
    """Return ``campaign`` after ``events``."""
    for event in events:
        campaign = evolve(campaign, event)
        campaign = replace(campaign, version=campaign.version + 1)
    return campaign


def evolve(campaign: Campaign, event: e.CampaignEvent) -> Campaign:
    """Return the campaign as it stands after ``event``. Never refuses."""
    match event:
        case e.CampaignOpened():
            return opened(event)
        case e.BodyPlanFiled(body=body):
            return _at(campaign, body, "filed")
        case e.BodyPlanRefined(body=body):
            return _at(campaign, body, "refined")
        case e.BodyGuided(body=body):
            return _at(campaign, body, "guided")
        case e.SelfSearchClosed(body=body):
            return replace(campaign, searched={**campaign.searched, body: event})
        case e.CampaignReported():
            return replace(campaign, reported=True)
        case e.CampaignClockAdvanced(clock_shift_s=shift):
            return replace(campaign, clock_shift_s=shift)
        case _ as unreachable:
            assert_never(unreachable)


def _at(campaign: Campaign, body: str, progress: Progress) -> Campaign:
    return replace(campaign, progress={**campaign.progress, body: progress})
