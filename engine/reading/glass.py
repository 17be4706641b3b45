"""Break-glass: asked by one, agreed to by another, over by itself, told to whom it is about."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.policy.roles import Person
from engine.reading import refusals
from engine.reading.events import GlassAgreed, GlassAsked, SealedContentRead, event_of
from engine.reading.grants import (
    MOST_HOURS,
    Grant,
    Target,
    against_asking,
    agree,
    folded,
    unfit,
)
from engine.reading.known import Nobody, Record, in_office
from engine.reading.uses import APPEAL, File, cycles, file_of, file_with
from engine.reading.written import written
from engine.refusal import refuse
from engine.vault.port import UnknownContentError, Vault
from engine.vault.subjects import GLASS, OPINIONS

ROOM = "glass"


class Glass:
    """Grants live in the ledger, one stream each; nothing else says that they are in force."""

    def __init__(
        self, vault: Vault, ledger: Ledger, clock: Callable[[], datetime] = wall_clock,
        known: Record | None = None,
    ) -> None:  # fmt: skip
        self._vault = vault
        self._ledger = ledger
        self._clock = clock
        self._known = known or Nobody()

    def ask(
        self, *, by: str, reason: str, hours: int, subject: str | None = None,
        content: str | None = None, cycle: str | None = None,
    ) -> Grant:  # fmt: skip
        """Ask for one reference, or for one subject in one cycle; ``reason`` is sealed.

        ``cycle`` is needed where the asker and the subject are in several. An appeal is not
        there for whoever breaks the glass: those who take it read it as it is, and nobody
        else learns of it.

        Raises:
            Refused: every reason at once; nothing is written.
            UnknownContentError, TextRefusedError.
        """
        if (subject is None) == (content is None):
            raise refusals.GlassTargetUnclear
        grant, now = f"g-{secrets.token_hex(4)}", self._clock()
        file = self._carrying(content, by) if content else self._shared(by, subject, cycle)
        target = self._target(file, subject, content)
        refuse(against_asking(by=by, hours=hours, target=target))
        sealed = self._vault.seal(reason, subject=f"{GLASS}{grant}", by=by)
        asked = GlassAsked(
            at=now, by=by, subject=subject, content=content, reason=sealed, hours=hours
        )
        written(self._ledger, f"{ROOM}/{target.cycle}/{grant}", lambda _: asked, command=grant)
        return self.get(grant)

    def agree(self, grant: str, *, by: str) -> Grant:
        """Agree as the second person; the time begins now.

        Raises:
            Refused: every reason at once.
        """
        found = self.get(grant)
        target = self._target_of(found)

        def decided(_: object) -> GlassAgreed:
            return agree(self.get(grant), by=by, target=target, now=self._clock())

        written(self._ledger, f"{ROOM}/{found.cycle}/{grant}", decided, command=f"{grant}-2")
        return self.get(grant)

    def read(self, content: str, *, reader: str) -> str:
        """Return the text behind ``content`` under a grant of ``reader``.

        First the event, which tells whom it is about; then the row of the audit; then the
        text. No reading without its letter.

        Raises:
            GlassNeeded: no grant in force covers it; that, too, is on record.
        """
        subject = self._vault.subject_of(content)
        file, now = self._file_with(content, subject), self._clock()
        mine = (g for g in self.grants() if g.asker == reader and g.state(now) == "in_force")
        held = next((g for g in mine if file and self._opens(g, content, subject, file)), None)
        if held is None or file is None:
            self._vault.turn_away(content, reader=reader, purpose="break_glass")
            raise refusals.GlassNeeded(reader)
        told = SealedContentRead(
            at=now, by=reader, content=content,
            to=self._told(file, _about(file, content, subject), reader=reader),
        )  # fmt: skip
        stream = f"{ROOM}/{held.cycle}/{held.id}"
        written(self._ledger, stream, lambda _: told, command=held.id)
        return self._vault.open(content, reader=reader, purpose="break_glass", glass=held.id)

    def _opens(self, grant: Grant, content: str, subject: str, file: File) -> bool:
        """Say whether ``grant`` opens it, asked once more of whoever reads and the second."""
        concerned = file.uses[content].concerned()
        return (
            grant.cycle == file.cycle
            and grant.covers(content, _about(file, content, subject))
            and file.uses[content].act != APPEAL
            and {grant.asker, grant.second}.isdisjoint(concerned)
            and self._in_office(grant.asker, file)
        )

    def grants(self) -> tuple[Grant, ...]:
        """Return every grant there ever was, oldest first."""
        streams = dict.fromkeys(r.event.stream for r in every(self._ledger, prefix=f"{ROOM}/"))
        return tuple(g for s in streams if (g := self._grant(s)))

    def reason(self, grant: str, *, reader: str) -> str:
        """Return why it was asked for, to who asked and to who may agree; on record.

        Raises:
            GlassUnknown: there is none of that id for ``reader``.
        """
        found = self.get(grant)
        if not self._knows(found, reader):
            raise refusals.GlassUnknown(grant)
        return self._vault.open(found.reason, reader=reader, purpose="break_glass")

    def known_to(self, person: str) -> tuple[Grant, ...]:
        """Return the grants that ``person`` asked for or may be the second of."""
        return tuple(grant for grant in self.grants() if self._knows(grant, person))

    def _knows(self, grant: Grant, person: str) -> bool:
        if person in (grant.asker, grant.second):
            return True
        if grant.state(self._clock()) != "asked":
            return False
        try:
            target = self._target_of(grant)
        except UnknownContentError:
            return False
        return not any(unfit(person, target))

    def get(self, grant: str) -> Grant:
        """Return one grant.

        Raises:
            GlassUnknown: there is none of that id.
        """
        found = next((g for g in self.grants() if g.id == grant), None)
        if found is None:
            raise refusals.GlassUnknown(grant)
        return found

    def now(self) -> datetime:
        """Return the moment by which grants are in force or over."""
        return self._clock()

    def _grant(self, stream: str) -> Grant | None:
        _, cycle, name = stream.split("/")
        events = [event_of(r) for r in every(self._ledger, stream=stream)]
        return folded(name, cycle, events)

    def _target_of(self, grant: Grant) -> Target:
        file = file_of(self._ledger, grant.cycle)
        if file is None or (grant.content and grant.content not in file.uses):
            return Target(cycle=grant.cycle)
        return self._target(file, grant.subject, grant.content)

    def _target(self, file: File, subject: str | None, content: str | None) -> Target:
        """Return what the rules need of the target."""
        use = file.uses[content] if content else None
        if use and use.act == APPEAL:
            raise UnknownContentError("没有这个引用 | no such content")
        return Target(
            cycle=file.cycle, people=self._people(file),
            concerned=use.concerned() if use else (subject or "",),
            most_hours=min(file.glass_hours or MOST_HOURS, MOST_HOURS),
            rehearsal=file.rehearsal,
        )  # fmt: skip

    def _people(self, file: File) -> tuple[Person, ...]:
        """Return those of the roster who are in office today; nobody of a rehearsal's."""
        if file.rehearsal:
            return ()
        held = ((p, in_office(p, file.unit, self._known)) for p in file.people.values())
        return tuple(p.model_copy(update={"roles": roles}) for p, roles in held if roles)

    def _carrying(self, content: str, by: str) -> File:
        """Return the file whose events carry ``content``.

        Raises:
            Refused: an original, or what no event carries.
            UnknownContentError: the vault holds no such object.
        """
        subject = self._vault.subject_of(content)
        if subject.startswith(OPINIONS):
            raise refusals.NeverUnderGlass(subject)
        file = self._file_with(content, subject)
        if file is None:
            raise refusals.NotForReading(by)
        return file

    def _shared(self, by: str, subject: str | None, cycle: str | None) -> File:
        """Return the file of the one cycle in which ``by`` and ``subject`` are.

        Raises:
            Refused: none, or several and it is not said which.
        """
        if subject is None or subject.startswith(OPINIONS):
            raise refusals.NeverUnderGlass(subject or "")
        found = [file for file in self._of(subject, by) if cycle in (None, file.cycle)]
        if not found:
            raise refusals.NoSharedCycle(by, subject)
        if len(found) > 1:
            raise refusals.GlassCycleUnclear(subject, tuple(file.cycle for file in found))
        return found[0]

    def _of(self, subject: str, by: str) -> Iterator[File]:
        """Yield the files in whose roster both are, ``by`` in office; no rehearsals."""
        for name in cycles(self._ledger):
            file = file_of(self._ledger, name)
            if file and subject in file.people and self._in_office(by, file):
                yield file

    def _in_office(self, person: str, file: File) -> bool:
        return any(held.id == person for held in self._people(file))

    def _told(self, file: File, about: Sequence[str], *, reader: str) -> tuple[str, ...]:
        """Return whom it is about, else who answers for all.

        That is the secretary, and the superior when the secretary is who reads: those in
        office, and those of the roster when nobody is.
        """
        if about:
            return tuple(about)
        for people in (self._people(file), tuple(file.people.values())):
            secretaries, superiors = (
                tuple(p.id for p in people if p.holds((role,)))
                for role in ("branch_secretary", "superior_officer")
            )
            if secretaries or superiors:
                return secretaries if set(secretaries) - {reader} else superiors or secretaries
        return ()

    def _file_with(self, content: str, subject: str) -> File | None:
        names = cycles(self._ledger)
        return file_with(content, subject, names, partial(file_of, self._ledger))


def _about(file: File, content: str, subject: str) -> tuple[str, ...]:
    """Return whom ``content`` is about: those concerned, else whose key it is sealed under."""
    own = (subject,) if subject != file.cycle else ()
    return file.uses[content].concerned() or own
