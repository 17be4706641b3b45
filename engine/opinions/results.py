"""Results of a closed batch: blocks that were fixed when it was closed, nothing finer."""

from __future__ import annotations

from collections.abc import Iterable

from engine.opinions.answers.batches import Batches
from engine.opinions.answers.coded import Codings
from engine.opinions.batch import Batch
from engine.opinions.blocks import ALL, Cell
from engine.opinions.refusals import BatchNotClosed, BodyUnknown, TooFew
from engine.refusal import refuse


class Results:
    """Answers questions about groups of bodies, or says that the group is too small."""

    def __init__(self, batches: Batches, codings: Codings) -> None:
        self._batches = batches
        self._codings = codings

    def of(self, batch: str) -> tuple[Cell, ...]:
        """Return everything that is shown of a closed batch.

        Raises:
            BatchNotClosed: two looks, one answer apart, would show that answer.
        """
        self._closed(batch)
        return self._codings.cells(batch)

    def ask(
        self, batch: str, *, bodies: Iterable[str] = (), without: Iterable[str] = (),
        kind: str | None = None, aspect: str = ALL,
    ) -> int:  # fmt: skip
        """Return how many valid answers of a group there are, or that raise ``aspect``.

        The group is ``bodies``, all those of ``kind``, or all, less those of ``without``.

        Raises:
            BatchNotClosed: the batch is not closed.
            BodyUnknown: for every body that was not asked.
            TooFew: the group is not made of whole blocks, or the aspect is not shown.
        """
        asked = self._closed(batch)
        group = _group(asked, frozenset(bodies), frozenset(without), kind)
        cells = [c for c in self._codings.cells(batch) if c.aspect == aspect]
        inside = [cell for cell in cells if cell.bodies <= group]
        if not inside or frozenset().union(*(cell.bodies for cell in inside)) != group:
            raise TooFew(asked.k)
        return sum(cell.answers for cell in inside)

    def _closed(self, batch: str) -> Batch:
        asked = self._batches.get(batch)
        if asked.state != "closed":
            raise BatchNotClosed(batch)
        return asked


def _group(
    asked: Batch, bodies: frozenset[str], without: frozenset[str], kind: str | None
) -> frozenset[str]:
    known = {body.body: body.kind for body in asked.bodies}
    refuse(BodyUnknown(asked.id, name) for name in sorted((bodies | without) - set(known)))
    chosen = bodies or frozenset(known)
    return frozenset(b for b in chosen if kind in (None, known[b])) - without
