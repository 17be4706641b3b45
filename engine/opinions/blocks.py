"""What may be shown of a batch: blocks of bodies, fixed once, none with too few answers.

A result is shown for a block, or for several together, and for nothing else. Blocks do not
overlap, so whatever is added to or taken from what is shown is made of whole blocks again:
no sum, complement or difference is smaller than the smallest block. Aspects are treated
alike: those too rare, or raised by nearly everybody, go together as ``OTHER``; and the
blocks of aspects are such that each cell of the whole table is large enough. So nothing
small is left over, not even when every answer raises just one aspect.

Source: domain P03.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

OTHER, ALL = "~other", ""
"""The aspects that go together, and all answers whatever they raise; no id is like these."""

Raised: TypeAlias = frozenset[str]
"""The aspects that one valid answer raises."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The valid answers of one or several bodies, each by the aspects it raises."""

    bodies: frozenset[str]
    kinds: frozenset[str]
    answers: tuple[Raised, ...]

    def __add__(self, other: Heard) -> Heard:
        """Return both together."""
        return Heard(
            self.bodies | other.bodies, self.kinds | other.kinds, self.answers + other.answers
        )

    def raising(self, aspects: Iterable[str]) -> int:
        """Return how many answers raise one of ``aspects``."""
        wanted = frozenset(aspects)
        return sum(not wanted.isdisjoint(raised) for raised in self.answers)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number that may be shown: answers of ``bodies``, those that raise ``aspect``."""

    aspect: str
    bodies: frozenset[str]
    answers: int


def cells(heard: Sequence[Heard], *, k: int) -> tuple[Cell, ...]:
    """Return everything that may ever be shown of a batch.

    Args:
        heard: One entry a body; bodies without a valid answer may be among them.
        k: Fewest answers a group needs.
    """
    blocks = blocked(heard, lambda block: len(block.answers) >= k)
    shown = [Cell(ALL, block.bodies, len(block.answers)) for block in blocks]
    lumps = lumped(blocks, k=k)
    for block in blocked(blocks, lambda block: _every_cell(block, lumps, k)):
        shown += [Cell(n, block.bodies, block.raising(of)) for n, of in lumps.items()]
    return tuple(shown)


def blocked(parts: Sequence[Heard], good: Callable[[Heard], bool]) -> tuple[Heard, ...]:
    """Return ``parts`` put together into blocks that are all good; none when none can be.

    A part that is good stays alone. The others go together within their kind, and further
    when that is not enough. ``good`` has to stay true when a block grows.
    """
    blocks: list[Heard] = []
    homeless: list[Heard] = []
    for kind in sorted({tuple(sorted(part.kinds)) for part in parts}):
        alike = [part for part in parts if tuple(sorted(part.kinds)) == kind]
        alone = [part for part in alike if good(part)]
        small = [part for part in alike if not good(part)]
        found, left = _housed(alone, small, good)
        blocks += found
        homeless += left
    found, left = _housed(blocks, homeless, good)
    return () if left else tuple(found)


def _housed(
    blocks: list[Heard], small: list[Heard], good: Callable[[Heard], bool]
) -> tuple[list[Heard], list[Heard]]:
    """Return the blocks with ``small`` in one of its own or the smallest, and what is left."""
    if not small:
        return blocks, []
    together = _sum(small)
    if good(together):
        return [*blocks, together], []
    if not blocks:
        return [], [together]
    smallest = min(blocks, key=lambda block: (len(block.answers), sorted(block.bodies)))
    return [*(b for b in blocks if b is not smallest), smallest + together], []


def lumped(blocks: Sequence[Heard], *, k: int) -> dict[str, frozenset[str]]:
    """Return each name that may be shown with its aspects; rare ones are all ``OTHER``."""
    if not blocks:
        return {}
    whole = _sum(blocks)
    counts = {a: whole.raising({a}) for a in frozenset().union(*whole.answers)}
    often = sorted(counts, key=lambda aspect: (-counts[aspect], aspect))
    named = [a for a in often if _enough(whole, {a}, k)]
    while named:
        rest = frozenset(counts).difference(named)
        if not rest or _enough(whole, rest, k):
            lumps = {aspect: frozenset({aspect}) for aspect in sorted(named)}
            return {**lumps, OTHER: rest} if rest else lumps
        named.pop()
    return {}


def _every_cell(block: Heard, lumps: dict[str, frozenset[str]], k: int) -> bool:
    return bool(lumps) and all(_enough(block, aspects, k) for aspects in lumps.values())


def _enough(block: Heard, aspects: Iterable[str], k: int) -> bool:
    """Say whether enough answers raise one of ``aspects``, and enough do not."""
    raising = block.raising(aspects)
    return raising >= k and len(block.answers) - raising >= k


def _sum(parts: Sequence[Heard]) -> Heard:
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return whole
