"""A cycle whose issues stand in every way an issue can stand."""

from __future__ import annotations

from datetime import date

import pytest
from streams import SEALED, Told

from engine.cycle import events as c
from engine.issue import events as i

AUGUST = date(2021, 8, 31)


def story(name: str = "c-1", unit: str = "u") -> Told:
    """Nine issues up to 2021-09-20; 1 closed on time, 2 late, 3 overdue, 4 long-term, ..."""
    told = Told(name, unit)
    told.on(2021, 7, 5).cycle(
        c.OpinionBatchClosed, batch="b1", channel="form", issued=10, returned=9, valid=8,
        blank=1, spoiled=0, opinions=12,
    )  # fmt: skip
    for talk, one, two in (("t1", "m01", "m02"), ("t3", "m02", "m03")):
        for by, other in ((one, two), (two, one)):
            told.cycle(c.TalkConfirmed, by, talk=talk, other=other, held_on=told.day)
    told.on(2021, 7, 10).cycle(
        c.MeetingOpened, meeting=1, due=("m01", "m02", "m03"), present=("m01", "m02"),
        leave=("m03",), chair="m01", recorder="m02",
    )  # fmt: skip
    told.cycle(c.VoteCounted, motion="v1", yes=2, no=0, abstain=0, due=3, outcome="carried")
    told.cycle(c.MeetingClosed, meeting=1, invited=0, spoke=0, full_session=0)
    for number in range(1, 10):
        told.found(number, severity="key" if number == 2 else "normal")
    told.on(2021, 7, 12)
    for number in (1, 2, 3, 4, 5, 8):
        told.claimed(number, AUGUST, measures=2 if number == 2 else 1)
    told.issue(i.IssueMerged, 6, into=1).issue(i.IssueWithdrawn, 7, reason=SEALED)
    told.issue(i.IssueWithdrawn, 8, reason=SEALED)
    told.issue(
        i.IssueMadeLongTerm, 4, cause="historical", reason=SEALED,
        review_due=date(2021, 10, 10), approved_until=date(2022, 7, 12),
    )  # fmt: skip
    told.on(2021, 8, 1).handed_in(1).checked(1).asked(1, 40, 40)
    told.on(2021, 8, 20).closed(1)
    told.on(2021, 8, 25).issue(
        i.ExtensionDecided, 2, outcome="granted", due=date(2021, 9, 15), reason=SEALED
    )
    told.on(2021, 9, 10).handed_in(2, 2).checked(2, 2).checked(2, 2, "v2").asked(2, 40, 38)
    told.on(2021, 9, 14).closed(2)
    told.on(2021, 9, 15).handed_in(5, late=True).checked(5).asked(5, 10, 1)
    told.on(2021, 9, 20).issue(i.MassRejected, 5)
    return told


@pytest.fixture
def told():
    return story()
