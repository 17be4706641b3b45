"""Appeals of a cycle as their reviewer reads them; nobody else is told that there are any."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from engine.cycle.appeals import reviewers
from engine.cycle.evolve import fold
from engine.cycle.parse import event_of
from engine.cycle.state import Appeal, Cycle
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.record import Content, Record

SOON_DAYS = 5
"""From so many calendar days before its day on, an appeal shows yellow."""

Colour: TypeAlias = Literal["green", "yellow", "red", "none"]


class AppealRow(Record):
    """One appeal: what is due, by when, and its light; never whose it is.

    ``due`` is the next day that counts and ``days_left`` the calendar days until it,
    negative when it has passed; both are empty, and the light ``none``, once decided.
    """

    appeal: int
    about: str
    content: Content
    acknowledged: bool
    decided: bool
    due: date | None
    days_left: int | None
    light: Colour


def appeals(ledger: Ledger, cycle: Cycle, *, reader: str, day: date) -> tuple[AppealRow, ...]:
    """Return the appeals that are ``reader``'s to take as they stand on ``day``.

    Empty for everybody else, the secretary and the appellant included.
    """
    records = every(ledger, prefix=f"appeal/{cycle.id}/")
    found = fold(cycle, (event_of(r.event) for r in records)).appeals
    return tuple(
        _row(number, appeal, day)
        for number, appeal in enumerate(found, 1)
        if reader in reviewers(cycle, appeal.about)
    )


def _row(number: int, appeal: Appeal, day: date) -> AppealRow:
    due = None
    if not appeal.decided:
        due = appeal.decide_by if appeal.acknowledged else appeal.acknowledge_by
    left = (due - day).days if due else None
    return AppealRow(
        appeal=number, about=appeal.about, content=appeal.texts[0], due=due, days_left=left,
        acknowledged=appeal.acknowledged, decided=appeal.decided, light=_light(left, appeal),
    )  # fmt: skip


def _light(left: int | None, appeal: Appeal) -> Colour:
    if left is None:
        return "none"
    if left < 0 or appeal.late:
        return "red"
    return "yellow" if left <= SOON_DAYS and appeal.acknowledged else "green"
