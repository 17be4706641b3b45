"""Who wants to hear of which events, as the manifests say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.host.manifest import Found
from engine.record import Record


class Subscription(Record):
    """A plugin and the kinds of events it hears of; ``start`` counts when it is first seen."""

    plugin: str
    version: str = ""
    kinds: frozenset[str]
    start: Literal["first", "now"] = "first"


def subscriptions(found: Iterable[Found]) -> tuple[Subscription, ...]:
    """Return a subscription for each plugin that has ``on_event`` and names kinds."""
    return tuple(
        Subscription(
            plugin=p.id,
            version=m.version,
            kinds=frozenset(m.events.kinds),
            start=m.events.start,
        )
        for p in found
        if (m := p.manifest) and not p.error and "on_event" in m.hooks and m.events.kinds
    )
