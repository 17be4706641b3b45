"""Quorum and votes, counted on the roll frozen at the opening."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor


def more_than(members: int, share: str) -> int:
    """Return the fewest whole persons above ``share`` of ``members``: 10 by 1/2 is 6."""
    return floor(members * Fraction(share)) + 1


def at_least(members: int, share: str) -> int:
    """Return the fewest whole persons that make ``share`` of ``members``: 9 by 1/2 is 5."""
    return ceil(members * Fraction(share))
