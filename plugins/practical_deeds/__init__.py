"""Practical deeds: an issue and the deed for the people that answers it, side by side."""

from __future__ import annotations

from datetime import timedelta, timezone

from engine import ClosingContext, Delivered, DeliveryContext, Objection, hookimpl

from .facts import OWNED, IssueMoved, owner_of
from .store import kept

LOCAL = timezone(timedelta(hours=8))


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Note who owns the issue and whether it is closed."""
    moved = IssueMoved(
        by=event.data["by"], on=event.at.astimezone(LOCAL).date(), cycle=ctx.cycle,
        issue=event.data["issue"], owner=owner_of(event.kind, event.data),
        closed=None if event.kind in OWNED else event.kind == "IssueClosed",
    )  # fmt: skip
    kept(ctx.folder).note(moved, key=ctx.key)


@hookimpl
def review_closing(ctx: ClosingContext) -> list[Objection]:
    """Hold the issue open while a deed that answers it is."""
    linked = kept(ctx.folder).state().linked((ctx.cycle, ctx.issue))
    if all(deed.completed for deed in linked):
        return []
    return [Objection(severity="deny", code="deed_open")]
