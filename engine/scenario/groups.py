"""Groups of a scenario: ids written out, or made by counting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from engine.record import Record

MOST = 5_000
Number: TypeAlias = Annotated[int, Field(ge=1, le=MOST)]


class Run(Record):
    """Many elements written once: ``repeat`` of them, numbered from ``first``.

    ``{n}`` in ``as`` is the number, padded to as many digits as the last one has.
    """

    repeat: Number
    first: Number = 1
    as_: Annotated[str, Field(alias="as", min_length=1, max_length=200)]

    def elements(self) -> Iterator[str]:
        """Yield every element."""
        last = self.first + self.repeat - 1
        for number in range(self.first, last + 1):
            yield re.sub(r"\{n\}", f"{number:0{len(str(last))}}", self.as_)


Group: TypeAlias = tuple[str | Run, ...]


def elements(group: Iterable[str | Run]) -> tuple[str, ...]:
    """Return every element of ``group``, counted ones included."""
    return tuple(
        e for part in group for e in ([part] if isinstance(part, str) else part.elements())
    )
