"""Erase a person: the key goes, what others said about the person goes, the chain stays.

By hand nothing else goes: a cycle's texts have their own time, see ``retention``.

Source: domain P21, P22.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.people.permission import RoleMayNot, may
from engine.people.roles import holders
from engine.reading.events import ContentKeyDestroyed, GlassAsked, event_of
from engine.reading.exports import Export, Exports
from engine.reading.glass import ROOM as GLASS
from engine.reading.known import Record as Known, in_office
from engine.reading.refusals import OnlyPersonsErased
from engine.reading.uses import File, Use, cycles, file_of
from engine.reading.written import written
from engine.record import Record
from engine.refusal import refuse
from engine.vault.port import UnknownContentError, Vault
from engine.vault.subjects import is_ours

ACT = "destroy_key"


class Erased(Record):
    """What an erasure did: objects about the subject destroyed, and exports still about."""

    subject: str
    contents: int
    exports: tuple[Export, ...]


class Erasure:
    """Destroys what is sealed for a subject, and what is about the subject elsewhere."""

    def __init__(
        self, vault: Vault, ledger: Ledger, exports: Exports, known: Known,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._vault = vault
        self._ledger = ledger
        self._exports = exports
        self._clock = clock
        self._known = known

    def erase(self, subject: str, *, by: str) -> Erased:
        """Destroy it all, write the evidence, and return what exports still hold.

        A crash in between is mended by doing it again: destroying twice changes nothing.

        Raises:
            Refused: ``subject`` is no person, or ``by`` may not destroy keys where the
                person belongs.
            TracesLeftError: destroyed, but a reader holds the old bytes; do it again.
        """
        names = cycles(self._ledger)
        files = [f for name in names if (f := file_of(self._ledger, name))]
        refuse(self._no_person(subject, names, files) or self._against(subject, by, files))
        about = tuple(
            use.content
            for file in files
            for use in file.uses.values()
            if subject in use.concerned() and self._of(file, use)
        )
        about += tuple(self._broken_for(subject, about))
        shredded = self._vault.shred(about, by=by, reason="erasure")
        self._vault.destroy(subject, by=by, reason="erasure")
        gone = ContentKeyDestroyed(
            at=self._clock(), by=by, subject=subject, reason="erasure", contents=about
        )
        self._evidence(gone)
        return Erased(
            subject=subject, contents=shredded,
            exports=self._exports.holding(subject, about),
        )  # fmt: skip

    def _evidence(self, gone: ContentKeyDestroyed) -> None:
        """Write the event once for the same content."""

        stream = f"erasure/{gone.subject}"
        last = [r.event.data for r in self._ledger.read(stream=stream)]
        if last and set(last[-1].get("contents", ())) == set(gone.contents):
            return
        written(self._ledger, stream, lambda _: gone, command=f"erase-{gone.subject}")

    def _of(self, file: File, use: Use) -> bool:
        """Say whether the text is the file's own; what it repeats of another is not."""
        try:
            return file.holds(self._vault.subject_of(use.content))
        except UnknownContentError:
            return False

    def _broken_for(self, subject: str, about: tuple[str, ...]) -> Iterator[str]:
        """Yield why the glass was to be broken on ``subject`` or a text about the person."""
        events = map(event_of, every(self._ledger, prefix=f"{GLASS}/"))
        for asked in (event for event in events if isinstance(event, GlassAsked)):
            if asked.subject == subject or asked.content in about:
                yield asked.reason

    def _no_person(
        self, subject: str, names: Sequence[str], files: list[File]
    ) -> tuple[OnlyPersonsErased, ...]:
        """Return a reason where the key is, or could be, that of anything but a person."""
        of_a_room = subject in names or is_ours(subject)
        known = self._known.units(subject) or any(subject in file.people for file in files)
        return () if known and not of_a_room else (OnlyPersonsErased(subject),)

    def _against(self, subject: str, by: str, files: list[File]) -> tuple[RoleMayNot, ...]:
        roles = [
            role
            for file in files
            if subject in file.people and by in file.people
            for role in in_office(file.people[by], file.unit, self._known)
        ]
        units = self._known.units(subject)
        known = [s.role for unit in units for s in self._known.standings(by, unit)]
        if any(not may(by, role, ACT, None) for role in (*roles, *known)):
            return ()
        return (RoleMayNot(by, ACT, holders(ACT)),)
