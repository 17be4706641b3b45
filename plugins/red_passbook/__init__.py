"""Red passbook: points for acts, by rules published first, written by one registrar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from engine import Delivered, DeliveryContext, EventType, hookimpl

from .commands import PostPoints
from .events import event_types
from .refusals import ActNotInRules, RulesNotPublished
from .store import read, write

LOCAL = timezone(timedelta(hours=8))


@hookimpl
def register_event_types() -> list[EventType]:
    """Name the passbook's own events."""
    return event_types()


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Enter what the registrar's published rules give for an act the ledger holds.

    The rules are the registrar's word: without rules for that day nothing is entered.
    """
    for act, person, day in acts(event):
        registrar = read(ctx.folder).registrar
        if not registrar:
            return
        post = PostPoints(by=registrar, person=person, act=act, day=day, source=event.event_id)
        try:
            write(ctx.folder, post, today=_local(event.at), key=f"{ctx.key}/{person}")
        except (ActNotInRules, RulesNotPublished):
            continue  # what no rule of its day speaks of is worth nothing


def acts(event: Delivered) -> Iterator[tuple[str, str, date]]:
    """Yield act, person and day of what an event of the core says people did."""
    if event.kind == "StudyHeld":
        held_on = date.fromisoformat(event.data["held_on"])
        for person in event.data["participants"]:
            yield "study_held", person, held_on
    elif event.kind == "MeasureDone":
        yield "measure_done", event.data["by"], _local(event.at)


def _local(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
