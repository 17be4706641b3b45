"""``--as-of``: a day of the cycle's calendar, or a position of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, TypeAlias

import typer

from engine.cli.cycles import found
from engine.cli.entering import LISTS, look
from engine.cli.parts import Parts, Stopped
from engine.views.past import AsOf, NoSuchMomentError, Past

AsOfOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="截至某日或台账某条 | a day like 2021-08-01, or an event number"
    ),
]


def moment_of(written: str | None) -> AsOf:
    """Return the moment a person wrote: digits alone are a position, else a day.

    Raises:
        BadParameter: it is neither.
    """
    if written is None:
        return AsOf()
    try:
        if written.isdecimal() and len(written) < len("20210801"):
            return AsOf(position=int(written))
        return AsOf(day=date.fromisoformat(written))
    except ValueError:
        raise typer.BadParameter(f"{written}: YYYY-MM-DD / N", param_hint="--as-of") from None


def stood(parts: Parts, cycle: str, as_of: AsOf, acts: Iterable[str] = LISTS) -> Past:
    """Return a cycle as it stood then, to whoever may do one of ``acts`` there.

    Raises:
        Refused: see ``look``.
        Stopped: there is no such cycle, it was not there yet, or that moment has not come.
    """
    look(parts, cycle, acts)
    found(parts, cycle)
    try:
        past = parts.readings().past(cycle, as_of, wall=parts.clock())
    except NoSuchMomentError as error:
        raise Stopped(str(error)) from None
    if past is None:
        raise Stopped(f"那时还没有周期 {cycle} | cycle {cycle} was not there yet")
    return past
