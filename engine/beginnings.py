"""How streams begin: a cycle's and a campaign's with their opening, and nothing else does."""

from __future__ import annotations

from engine.record import EventEnvelope

OPENINGS = {"cycle": "CyclePlanned", "campaign": "CampaignOpened"}
"""Stream to the kind of its first event, which names what it opens under the same word."""


def well_placed(event: EventEnvelope) -> bool:
    """Say whether ``event`` is its stream's opening exactly if it is the first there."""
    room, _, name = event.stream.partition("/")
    if room not in OPENINGS:
        return True
    if event.kind != OPENINGS[room]:
        return event.version > 1
    return event.version == 1 and event.data.get(room) == name
