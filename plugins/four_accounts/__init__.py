"""Four accounts: when each issue was opened, handed in, checked and cleared. A view only."""

from __future__ import annotations

from engine import Delivered, DeliveryContext, hookimpl

from .kept import keep


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Keep the event; the accounts are read from all of them."""
    keep(ctx.folder, ctx.cycle, event)
