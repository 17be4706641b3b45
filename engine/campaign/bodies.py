"""The bodies of a campaign: which tier each is of, and how far it has come."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from engine.record import Id, Record

Progress: TypeAlias = Literal["not_filed", "filed", "refined", "guided"]
"""What a body has behind it; each word includes those before it."""

PROGRESS: tuple[Progress, ...] = get_args(Progress)
VERBS: tuple[Progress, ...] = PROGRESS[1:]
"""The three verbs every body needs. Source: domain S04."""


class Body(Record):
    """A subordinate body by opaque id, and its tier."""

    id: Id
    tier: Id


def reached(progress: Progress, verb: Progress) -> bool:
    """Say whether a body that stands at ``progress`` has ``verb`` behind it."""
    return PROGRESS.index(progress) >= PROGRESS.index(verb)
