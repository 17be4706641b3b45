"""Subjects that the engine makes itself; no person's id begins like one of them."""

from __future__ import annotations

OPINIONS = "opinions."
"""Before the name of a batch: its originals."""

GLASS = "glass."
"""Before the id of a grant: why it was asked for."""

APPEAL = "appeal."
"""Before the digests that stand for one text of an appeal."""

OURS = (OPINIONS, GLASS, APPEAL)
NAMES = ("root", "engine", "appellant", "publication")
"""What the record says of acts of the administrator, the engine, and of nobody known."""


def is_ours(subject: str) -> bool:
    """Say whether ``subject`` is one that the engine makes or says, and so nobody's id."""
    return subject.startswith(OURS) or subject in NAMES
