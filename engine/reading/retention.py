"""How long content is kept, and what goes when its time is over.

``due`` is pure; ``Retention`` destroys and leaves evidence. Source: domain P22.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

import structlog

from engine.cycle.events import APPELLANT
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.policy.calendar import local_day
from engine.policy.rules import Retained
from engine.reading.anchor import anchor
from engine.reading.events import ContentDestroyed, event_of
from engine.reading.unsent import SAFE, appealed, carried
from engine.reading.uses import File, Use, cycles, file_of
from engine.reading.written import written
from engine.record import Record
from engine.vault.port import Vault

log = structlog.get_logger()

BY = "engine"
NOWHERE = "none"
"""Stands for the cycle of what never came to one."""
Class: TypeAlias = Literal["minutes", "raw_forms", "talks", "ballots", "unsent"]


class Forms(Record):
    """Originals of a batch that is coded, sealed under ``subject``."""

    subject: str
    cycle: str
    coded_on: date


class Due(Record):
    """Content of one class of one cycle whose time was over on ``day``."""

    cycle: str
    retention: Class
    day: date
    contents: tuple[str, ...] = ()
    subject: str | None = None


def due(file: File, forms: Iterable[Forms], kept: Retained, today: date) -> Iterator[Due]:
    """Yield what of a cycle is over by ``today``, a day of the cycle's own calendar.

    With the last of its texts goes the cycle's key, and what no event carries with it.
    """
    over: dict[tuple[Class, date], list[str]] = defaultdict(list)
    for use in file.uses.values():
        found = _last_day(file, use, kept)
        if found is not None and found[1] < today:
            over[found].append(use.content)
    every_one = sum(map(len, over.values())) == len(file.uses)
    for (class_, day), contents in sorted(over.items()):
        yield Due(
            cycle=file.cycle, retention=class_, day=day, contents=tuple(contents),
            subject=file.cycle if class_ == "minutes" and every_one else None,
        )  # fmt: skip
    for batch in forms:
        day = batch.coded_on + timedelta(days=kept.raw_forms_days)
        if batch.cycle == file.cycle and day < today:
            yield Due(cycle=file.cycle, retention="raw_forms", day=day, subject=batch.subject)


def _last_day(file: File, use: Use, kept: Retained) -> tuple[Class, date] | None:
    """Return the last day on which ``use`` is kept; None while that is open."""
    if use.content in file.undecided:
        return None
    if use.act == "read_talk":
        return "talks", local_day(use.at) + timedelta(days=kept.talks_days)
    if use.step == "poll":
        if file.verdict_at is None:
            return None
        return "ballots", local_day(file.verdict_at) + timedelta(days=kept.ballots_days)
    if not file.archived:
        return None
    return "minutes", years_later(local_day(file.last_at), kept.minutes_years)


def years_later(day: date, years: int) -> date:
    """Return the same day ``years`` later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Retention:
    """Destroys what is due, through acts that may be repeated; one writer of its streams.

    ``elsewhere`` returns what is carried outside the ledger. Without it nobody knows what
    never arrived, and that is left alone.
    """

    def __init__(
        self, vault: Callable[[], Vault], ledger: Ledger, forms: Callable[[], Iterable[Forms]],
        default: Retained, clock: Callable[[], datetime] = wall_clock,
        elsewhere: Callable[[], Iterable[str]] | None = None,
    ) -> None:  # fmt: skip
        self._vault = vault
        self._ledger = ledger
        self._forms = forms
        self._default = default
        self._clock = clock
        self._elsewhere = elsewhere

    def due(self, today: date | None = None) -> tuple[Due, ...]:
        """Return what would be destroyed now, or on a day of each cycle's calendar."""
        forms = tuple(self._forms())
        files = (file_of(self._ledger, name) for name in cycles(self._ledger))
        found = (
            d for f in files if f for d in due(f, forms, self._kept(f), self._day(f, today))
        )
        return (*(d for d in found if not self._evidenced(d)), *self._unsent(today))

    def destroy(self) -> tuple[Due, ...]:
        """Destroy what is due, write the evidence, note where the audit stands.

        A crash in between is mended by the next pass: what is destroyed is destroyed, and
        what has no evidence yet is due still.
        """
        vault, done = self._vault(), self.due()
        vault.disown(appealed(self._ledger), by=APPELLANT)
        for item in done:
            if item.subject is not None:
                vault.destroy(item.subject, by=BY, reason="retention")
            vault.shred(item.contents, by=BY, reason="retention")
            self._evidence(item)
        if not done:
            vault.shred((), by=BY, reason="retention")  # clears what was taken back by day
        anchor(self._ledger, vault, now=self._clock())
        log.info("retention_passed", count=len(done))
        return done

    def _unsent(self, today: date | None) -> Iterator[Due]:
        """Yield what was sealed and never arrived, by the days of the vault."""
        if self._elsewhere is None:
            return
        day = today or self._clock().astimezone(UTC).date()
        known = {*carried(self._ledger), *self._elsewhere()}
        if left := self._vault().loose(known, before=day - SAFE):
            yield Due(cycle=NOWHERE, retention="unsent", day=day, contents=left)

    def _kept(self, file: File) -> Retained:
        return Retained.model_validate(file.retention) if file.retention else self._default

    def _day(self, file: File, today: date | None) -> date:
        return today or local_day(self._clock() + timedelta(seconds=file.clock_shift_s))

    def _evidenced(self, item: Due) -> bool:
        return any(
            e.retention == item.retention
            and e.subject == item.subject
            and set(item.contents) <= set(e.contents)
            for r in every(self._ledger, stream=_stream(item))
            if isinstance(e := event_of(r), ContentDestroyed)
        )

    def _evidence(self, item: Due) -> None:
        gone = ContentDestroyed(
            at=self._clock(), by=BY, retention=item.retention, due=item.day,
            contents=item.contents, subject=item.subject,
        )  # fmt: skip
        command = f"retention-{item.retention}-{item.day}"
        written(self._ledger, _stream(item), lambda _: gone, command=command)


def _stream(item: Due) -> str:
    return f"retention/{item.cycle}"
