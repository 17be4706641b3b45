"""Break-glass: asked by one, agreed to by another, over by itself, told to whom it is about."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
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
from engine.reading.uses import APPEAL, File, cycles, file_of, file_with
from engine.reading.written import written
from engine.refusal import refuse
from engine.vault.port import UnknownContentError, Vault
from engine.vault.subjects import GLASS

ROOM = "glass"


class Glass:
    """Grants live in the ledger, one stream each; nothing else says that they are in force."""

    def __init__(
        self, vault: Vault, ledger: Ledger, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        self._vault = vault
        self._ledger = ledger
        self._clock = clock

    def ask(
        self, *, by: str, reason: str, hours: int, subject: str | None = None,
        content: str | None = None,
    ) -> Grant:  # fmt: skip
        """Ask for one subject or one reference; ``reason`` is sealed.

        An appeal is not there for whoever breaks the glass: those who take it read it as
        it is, and nobody else learns of it.

        Raises:
            Refused: every reason at once; nothing is written.
            UnknownContentError, TextRefusedError.
        """
        grant, now = f"g-{secrets.token_hex(4)}", self._clock()
        target = self._target(subject, content)
        refuse(
            against_asking(by=by, subject=subject, content=content, hours=hours, target=target)
        )
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
        target = self._target(found.subject, found.content)

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
        file = self._file_with(content, subject)
        use = file.uses[content] if file else None
        concerned = use.concerned() if use else ()
        now, subjects = self._clock(), (subject, *concerned)
        held = next(
            (g for g in self.grants() if _lets(g, reader, content, subjects, now)), None
        )
        if held is None or (use and use.act == APPEAL):
            self._vault.turn_away(content, reader=reader, purpose="break_glass")
            raise refusals.GlassNeeded(reader)
        told = SealedContentRead(
            at=now, by=reader, content=content,
            to=_told(file, subject, concerned, reader=reader),
        )  # fmt: skip
        stream = f"{ROOM}/{held.cycle}/{held.id}"
        written(self._ledger, stream, lambda _: told, command=held.id)
        return self._vault.open(content, reader=reader, purpose="break_glass", glass=held.id)

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
            target = self._target(grant.subject, grant.content)
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

    def _target(self, subject: str | None, content: str | None) -> Target:
        """Return what the rules need of the target."""
        held = self._vault.subject_of(content) if content else subject or ""
        files = [f] if (f := self._file_with(content or "", held)) else [*self._of(held)]
        use = f.uses.get(content or "") if f else None
        if use and use.act == APPEAL:
            raise UnknownContentError("没有这个引用 | no such content")
        concerned = use.concerned() if use else (held,)
        people = {p.id: p for file in files for p in file.people.values()}
        hours = [file.glass_hours or MOST_HOURS for file in files]
        return Target(
            cycle=files[0].cycle if files else held or "none",
            people=tuple(people.values()), concerned=concerned, subjects=(held,),
            most_hours=min((*hours, MOST_HOURS)),
        )  # fmt: skip

    def _of(self, subject: str) -> Iterator[File]:
        """Yield the files a subject is about: the cycle itself, or those the person is in."""
        for name in cycles(self._ledger):
            file = file_of(self._ledger, name)
            if file and (name == subject or subject in file.people):
                yield file

    def _file_with(self, content: str, subject: str) -> File | None:
        names = cycles(self._ledger)
        return file_with(content, subject, names, partial(file_of, self._ledger))


def _lets(
    grant: Grant, reader: str, content: str, subjects: Sequence[str], now: datetime
) -> bool:
    mine = grant.asker == reader and grant.state(now) == "in_force"
    return mine and grant.covers(content, subjects)


def _told(
    file: File | None, subject: str, concerned: Sequence[str], *, reader: str
) -> tuple[str, ...]:
    """Return whom it is about: those concerned, else the subject, else who answers for all.

    That is the secretary, and the superior when the secretary is who reads.
    """
    if concerned:
        return tuple(concerned)
    if file is None or subject in file.people:
        return (subject,)
    secretaries, superiors = (
        tuple(p.id for p in file.people.values() if p.holds((role,)))
        for role in ("branch_secretary", "superior_officer")
    )
    return secretaries if set(secretaries) - {reader} else superiors or secretaries
