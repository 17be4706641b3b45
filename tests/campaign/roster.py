"""A campaign of three tiers, small."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.campaign.bodies import Body
from engine.campaign.commands import OpenCampaign
from engine.policy.roles import Person

NOON = datetime(2021, 7, 5, 4, tzinfo=UTC)
BODIES = tuple(
    Body(id=name, tier=tier)
    for tier, names in {"county": ("c1", "c2"), "unit": ("u1", "u2", "u3"), "college": ("o1",)}
    .items()
    for name in names
)  # fmt: skip
OPENING = OpenCampaign(
    campaign="city-2021", bodies=BODIES, by="sup", rehearsal_from=NOON,
    people=(
        Person(id="sup", roles=("superior_officer",)),
        Person(id="gg", roles=("guidance_group",)),
        Person(id="lead", roles=("party_group_leader",)),
    ),
)  # fmt: skip
EVERY = tuple(body.id for body in BODIES)
