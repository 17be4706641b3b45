"""What leaves the house as a file: marked with who, when and where the ledger stood.

The event is written before the file takes its name: a file without an event does not
exist, an event without its file harms nobody. Source: domain P29.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import AwareDatetime

from engine.day import LOCAL
from engine.ledger.export import every
from engine.ledger.port import Head, Ledger, Recorded
from engine.ledger.sql import wall_clock
from engine.private import opener
from engine.reading.events import ExportMade, event_of
from engine.reading.written import written
from engine.record import Record

Form: TypeAlias = Literal["ledger", "report", "lists"]
ROOM = "export"


class Mark(Record):
    """The watermark of a file."""

    export: str
    by: str
    at: AwareDatetime
    position: int
    head: str

    def line(self) -> str:
        """Return the mark as a line for people, in both languages."""
        at = f"{self.at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
        return (
            f"导出 {self.export} · {self.by} · {at} · 台账 {self.position}:{self.head} | "
            f"export {self.export} by {self.by}, ledger at {self.position}"
        )


class Export(Record):
    """An export on record; ``sha256`` is that of the whole file."""

    id: str
    at: AwareDatetime
    by: str
    form: Form
    cycle: str | None
    position: int
    sha256: str


Render = Callable[[Mark], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Where a subject first comes up: by cycle, and anywhere in the ledger."""

    by_cycle: dict[str, int]
    anywhere: int | None

    def inside(self, export: Export) -> bool:
        """Say whether the export reaches far enough to hold the subject's data."""
        first = self.by_cycle.get(export.cycle) if export.cycle else self.anywhere
        return first is not None and first <= export.position


class Exports:
    """Makes exports and knows every one that was made."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime] = wall_clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def save(
        self, file: Path, render: Render, *, form: Form, by: str, cycle: str | None = None
    ) -> Export:
        """Write what ``render`` makes of the mark into ``file``, whole or not at all.

        Raises:
            OSError: the file cannot be written; nothing is on record.
        """
        mark = self._mark(by)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            digest = _write(draft, render(mark))
            made = self._record(mark, digest, form=form, cycle=cycle)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return made

    def listed(self) -> tuple[Export, ...]:
        """Return every export ever made, oldest first."""
        return tuple(
            Export(
                id=r.event.stream.partition("/")[2], at=e.at, by=e.by, form=e.form,
                cycle=e.cycle, position=e.position, sha256=e.sha256,
            )
            for r in every(self._ledger, prefix=f"{ROOM}/")
            if isinstance(e := event_of(r), ExportMade)
        )  # fmt: skip

    def of(self, file: Path) -> Export | None:
        """Return the export that ``file`` is, byte for byte, or None.

        Raises:
            OSError: the file cannot be read.
        """
        with file.open("rb") as held:
            digest = hashlib.file_digest(held, "sha256").hexdigest()
        return next((e for e in self.listed() if e.sha256 == digest), None)

    def holding(self, subject: str, contents: Iterable[str] = ()) -> tuple[Export, ...]:
        """Return the exports that reach over an event which names ``subject``.

        ``contents`` are references that are about the subject.
        """
        found = mentions(every(self._ledger), {subject, *contents})
        return tuple(export for export in self.listed() if found.inside(export))

    def _mark(self, by: str) -> Mark:
        head: Head = self._ledger.head()
        name = f"x-{secrets.token_hex(4)}"
        return Mark(
            export=name, by=by, at=self._clock(), position=head.position, head=head.hash
        )

    def _record(self, mark: Mark, digest: str, *, form: Form, cycle: str | None) -> Export:
        made = ExportMade(
            at=mark.at, by=mark.by, form=form, cycle=cycle, position=mark.position,
            head=mark.head, sha256=digest,
        )  # fmt: skip
        written(self._ledger, f"{ROOM}/{mark.export}", lambda _: made, command=mark.export)
        return Export(
            id=mark.export, at=mark.at, by=mark.by, form=form, cycle=cycle,
            position=mark.position, sha256=digest,
        )  # fmt: skip


def ledger_lines(ledger: Ledger, mark: Mark) -> Iterator[str]:
    """Yield the ledger as JSON lines up to the mark, which is the first line."""
    yield json.dumps({"export": mark.model_dump(mode="json")}, ensure_ascii=False) + "\n"
    for recorded in every(ledger):
        if recorded.position > mark.position:
            return
        yield recorded.model_dump_json() + "\n"


def marked_json(mark: Mark, form: Form, body: Record) -> Iterator[str]:
    """Yield one JSON document: the mark, and ``body`` under the name of its form."""
    whole = {"export": mark.model_dump(mode="json"), form: body.model_dump(mode="json")}
    yield json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def mentions(records: Iterable[Recorded], names: set[str]) -> Mentions:
    """Return where one of ``names`` first comes up in ``records``."""
    by_cycle: dict[str, int] = {}
    anywhere: int | None = None
    for recorded in records:
        room, cycle, *_ = recorded.event.stream.split("/")
        if room == ROOM or not (cycle in names or _names(recorded.event.data, names)):
            continue
        by_cycle.setdefault(cycle, recorded.position)
        anywhere = anywhere or recorded.position
    return Mentions(by_cycle=by_cycle, anywhere=anywhere)


def _names(value: Any, names: set[str]) -> bool:
    if isinstance(value, dict):
        return any(key in names or _names(inner, names) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return any(_names(inner, names) for inner in value)
    return value in names if isinstance(value, str) else False


def _write(draft: Path, pieces: Iterable[str]) -> str:
    """Write ``pieces`` to stay, and return the digest of all of them."""
    digest = hashlib.sha256()
    with open(draft, "wb", opener=opener) as out:
        for piece in pieces:
            data = piece.encode()
            digest.update(data)
            out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()
