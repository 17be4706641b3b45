"""What the ledger's events say about opinions."""

from __future__ import annotations

from datetime import timedelta, timezone

from engine import Delivered

from .facts import BatchClosed, CollectorsNamed, ForumFact, OpinionsEnded

LOCAL = timezone(timedelta(hours=8))
COLLECTOR = "opinion_collector"


def fact_of(cycle: str, event: Delivered) -> ForumFact:
    """Return what is to be written down of ``event``."""
    data, on = event.data, event.at.astimezone(LOCAL).date()
    match event.kind:
        case "CyclePlanned":
            who = tuple(p["id"] for p in data["people"] if COLLECTOR in p["roles"])
            return CollectorsNamed(by=data["by"], on=on, cycle=cycle, collectors=who)
        case "OpinionBatchClosed":
            return BatchClosed(
                by=data["by"], on=on, cycle=cycle, forum=data["batch"],
                channel=data["channel"], issued=data["issued"], opinions=data["opinions"],
            )  # fmt: skip
        case _:
            return OpinionsEnded(by=data["by"], on=on, cycle=cycle)
