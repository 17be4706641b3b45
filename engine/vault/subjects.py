"""Subjects that the engine makes itself; no person's id begins like one of them."""

from __future__ import annotations

OPINIONS = "opinions."
"""Before the name of a batch: its originals."""

GLASS = "glass."
"""Before the id of a grant: why it was asked for."""

OURS = (OPINIONS, GLASS)


def is_ours(subject: str) -> bool:
    """Say whether ``subject`` is one that the engine makes, and so nobody's id."""
    return subject.startswith(OURS)
