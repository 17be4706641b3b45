"""A campaign's commands and events to and from plain JSON."""

from __future__ import annotations

from engine.campaign.commands import COMMAND, MAY, CampaignCommand
from engine.campaign.events import EVENT, CampaignEvent
from engine.cycle.parse import validated
from engine.record import EventEnvelope


def parse(kind: str, body: object) -> CampaignCommand:
    """Return the campaign's command named ``kind`` with the fields in ``body``.

    Raises:
        Refused: the name is unknown, or one reason for each wrong field.
    """
    return validated(COMMAND, MAY, kind, body)


def stream_of(campaign: str) -> str:
    """Return the stream of the campaign."""
    return f"campaign/{campaign}"


def enveloped(
    event: CampaignEvent, *, campaign: str, version: int, command: str
) -> EventEnvelope:
    """Return ``event`` ready for the ledger, as number ``version`` of its stream."""
    return EventEnvelope(
        stream=stream_of(campaign), version=version, kind=event.kind, command=command,
        data=event.model_dump(mode="json", exclude={"kind"}),
    )  # fmt: skip


def event_of(envelope: EventEnvelope) -> CampaignEvent:
    """Return the event inside ``envelope``."""
    return EVENT.validate_python({**envelope.data, "kind": envelope.kind})
