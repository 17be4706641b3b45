"""The one door to sealed content: may they, for what, and on record before it comes out.

Three rooms open the vault beside it, for content no event carries: the coding of opinions,
the greeting of notices, and publication, which compares names with a text and shows none.
``tests/reading`` holds the list.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.ledger.port import Ledger
from engine.people.delegations import Standing, of_branch
from engine.people.permission import Thing, may
from engine.people.roles import Part
from engine.reading.glass import Glass
from engine.reading.known import Nobody, Record, in_office
from engine.reading.refusals import NoPlaceInTheFile, NotForReading
from engine.reading.uses import APPEAL, CONCERNED, File, cycles, file_of, file_with
from engine.refusal import Refused, refuse
from engine.vault.port import UnknownContentError, Vault

BREAK_GLASS = "break_glass"
NAMES = "manage_people"
"""Whoever may do this to a person may read the person's name."""

OWN: frozenset[Part] = CONCERNED | {"critic"}
"""Parts in what is one's own, whatever else one is or was."""


class Door:
    """Reads the file of a cycle once and answers for all its references."""

    def __init__(
        self, vault: Vault, ledger: Ledger, glass: Glass, known: Record | None = None
    ) -> None:
        self._vault = vault
        self._ledger = ledger
        self._glass = glass
        self._known = known or Nobody()
        self._files: dict[str, File | None] = {}

    def read(self, content: str, *, reader: str, purpose: str, act: str | None = None) -> str:
        """Return the text behind ``content``; the reading, or the refusal, is on record.

        ``act`` is what reading it is, said by a room that keeps references of its own; an
        event that carries the reference says it louder.

        Raises:
            Refused: every reason why ``reader`` may not read it.
            VaultError: see ``Vault.open``.
        """
        if purpose == BREAK_GLASS:
            return self._glass.read(content, reader=reader)
        if against := self.against(content, reader, act):
            self._vault.turn_away(content, reader=reader, purpose=purpose)
            refuse(against)
        return self._vault.open(content, reader=reader, purpose=purpose)

    def against(self, content: str, reader: str, act: str | None = None) -> tuple[Refused, ...]:
        """Return every reason why ``reader`` may not read ``content``; none: may.

        What one of the reader's roles may never read no other role opens, and a roster
        gives nothing to whoever left; what is about the reader in person is neither's.

        Raises:
            UnknownContentError: the vault holds no such object.
        """
        subject = self._vault.subject_of(content)
        file = file_with(content, subject, cycles(self._ledger), self._file)
        if file is None and act is not None:
            file = self._file(subject)
        if file is None:
            return self._not_by_name(content, subject, reader)
        use = file.uses.get(content)
        doing = use.act if use else act or ""
        standings = self._standings(file, reader)
        members = {reader} if of_branch(standings) else set()
        thing = file.thing(use, members) if use else Thing(unit=file.unit)
        mine = doing != APPEAL and not OWN.isdisjoint(thing.of(reader))
        bars = () if mine else tuple(held.role for held in standings)
        reasons: dict[str, Refused] = {}
        for held in standings if mine else self._standings(file, reader, today=True):
            against = may(reader, held.role, doing, thing, own=bars, giver=held.giver)
            if not against:
                return ()
            reasons |= {str(reason): reason for reason in against}
        return tuple(reasons.values()) or (NoPlaceInTheFile(reader, file.cycle),)

    def _standings(
        self, file: File, reader: str, *, today: bool = False
    ) -> tuple[Standing, ...]:
        """Return the roles ``reader`` has by the roster, or still has, and those on record."""
        person = file.people.get(reader)
        roles = person.roles if person else ()
        pinned = in_office(person, file.unit, self._known) if today else roles
        return (
            *(Standing(role=role) for role in pinned),
            *self._known.standings(reader, file.unit),
        )

    def untold(self, contents: Iterable[str], reader: str) -> frozenset[str]:
        """Return which of ``contents`` are appeals that ``reader`` is not to learn of."""
        names = cycles(self._ledger)
        appeals = (content for content in contents if self._appeal(content, names))
        return frozenset(appeal for appeal in appeals if self.against(appeal, reader))

    def _appeal(self, content: str, names: Iterable[str]) -> bool:
        try:
            file = file_with(content, self._vault.subject_of(content), names, self._file)
        except UnknownContentError:
            return False
        return file is not None and file.uses[content].act == APPEAL

    def _file(self, cycle: str) -> File | None:
        if cycle not in self._files:
            self._files[cycle] = file_of(self._ledger, cycle)
        return self._files[cycle]

    def _not_by_name(self, content: str, subject: str, reader: str) -> tuple[Refused, ...]:
        """Let a name be read by its bearer and by whoever keeps the people of the unit.

        A name is what the record has for one: somebody may be called like a batch or a
        cycle, and what is sealed for those is nobody's name.
        """
        named = content == self._known.name(subject)
        if named and (reader == subject or self._keeps(subject, reader)):
            return ()
        return (NotForReading(reader),)

    def _keeps(self, person: str, reader: str) -> bool:
        """Say whether ``reader`` keeps the people of a unit that ``person`` belongs to."""
        held = (
            standing.role
            for unit in self._known.units(person)
            for standing in self._known.standings(reader, unit)
        )
        return any(not may(reader, role, NAMES, None) for role in held)
