"""A batch of opinions as it stands: the bodies asked, and counts that add up by themselves."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, computed_field

from engine.record import Id, Record

Channel: TypeAlias = Literal["group_meeting", "pre_shift", "forum", "form"]
State: TypeAlias = Literal["open", "shutting", "coding", "closed"]
Standing: TypeAlias = Literal["uncoded", "valid", "blank", "spoiled"]
Count = Annotated[int, Field(ge=0)]

MOST_FORMS = 2000
"""Forms a batch may have: its pool is rewritten with every answer."""


class Body(Record):
    """A respondent body and the forms it was issued, by link and on paper.

    ``drawn`` links are printed, ``entered`` paper forms have come back.
    """

    body: Id
    number: Count
    kind: Id
    links: Count = 0
    drawn: Count = 0
    paper: Count = 0
    entered: Count = 0

    @property
    def forms(self) -> int:
        """Return how many forms the body was issued."""
        return self.links + self.paper


class Batch(Record):
    """A round of asking on one channel; ``k`` is pinned from the cycle's policy."""

    id: Id
    cycle: Id
    channel: Channel
    state: State
    k: Annotated[int, Field(ge=2)]
    opened_on: date
    shut_on: date | None = None
    closed_on: date | None = None
    bodies: tuple[Body, ...] = ()

    @property
    def issued(self) -> int:
        """Return how many forms were issued in all."""
        return sum(body.forms for body in self.bodies)

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Return for each kind of body how many bodies and how many forms."""
        kinds = sorted({body.kind for body in self.bodies})
        of = {kind: [b.forms for b in self.bodies if b.kind == kind] for kind in kinds}
        return {kind: (len(forms), sum(forms)) for kind, forms in of.items()}


class Tally(Record):
    """What came of a batch; what is returned and outstanding follows from the parts.

    ``opinions`` counts what was said: one answer may hold several.
    """

    issued: Count = 0
    valid: Count = 0
    blank: Count = 0
    spoiled: Count = 0
    uncoded: Count = 0
    opinions: Count = 0

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own order
    @property
    def returned(self) -> int:
        """Return how many came back, coded or not."""
        return self.valid + self.blank + self.spoiled + self.uncoded

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own order
    @property
    def outstanding(self) -> int:
        """Return how many did not come back."""
        return self.issued - self.returned
