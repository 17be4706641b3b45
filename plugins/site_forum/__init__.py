"""Site forums: who was heard where, and that what was said is in the account."""

from __future__ import annotations

from engine import Delivered, DeliveryContext, hookimpl

from .heard import fact_of
from .store import kept


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Note who collects, which batch was closed, and when opinions are complete."""
    kept(ctx.folder).note(fact_of(ctx.cycle, event), key=ctx.key)
