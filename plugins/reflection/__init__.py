"""Reflection: after a meeting whoever wants to says how it felt; nobody is named."""

from __future__ import annotations

from engine import Delivered, DeliveryContext, hookimpl

from .sheets import begin, local_day


@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    """Open the reflection on the meeting that was closed; once, however often it is told."""
    begin(ctx.folder, ctx.cycle, day=local_day(event.at))
