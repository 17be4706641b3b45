"""Wall notice: what a unit has posted for the public, as a page to print and hang up."""

from __future__ import annotations

from engine import Delivered, DeliveryContext, hookimpl

from .kept import keep


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Keep the event; what hangs on the wall is read from all of them."""
    keep(ctx.folder, ctx.cycle, event)
