"""A vault in memory, for tests of what stands on a vault. It hides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from engine.ledger.chain import check
from engine.ledger.port import GENESIS, Head, Verdict, chained
from engine.ledger.sql import wall_clock
from engine.record import canonical_json
from engine.text import checked_text
from engine.vault.audit import row_of, stored as stored_bytes
from engine.vault.door import LARGEST_TEXT_BYTES, object_id, opaque, stated
from engine.vault.port import KeyDestroyedError, KeyReusedError, Read, UnknownContentError


class InMemoryVault:
    """Keeps texts by reference, by the same contract as the database."""

    def __init__(self, clock: Callable[[], datetime] = wall_clock) -> None:
        self._texts: dict[str, tuple[str, str | None]] = {}
        self._destroyed: set[str] = set()
        self._handed_in: dict[str, int] = {}
        self._sealed_on: dict[str, date] = {}
        self._numbers = count()
        self._reads: list[Read] = []
        self._clock = clock

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text``; see ``Vault``."""
        opaque({"subject": subject, "by": by})
        checked_text(text, limit_bytes=LARGEST_TEXT_BYTES)
        if subject in self._destroyed:
            raise KeyDestroyedError("the key was destroyed")
        name = canonical_json([subject, key, next(self._numbers) if key is None else 0])
        hashed = hashlib.sha256(name.encode()).hexdigest()
        content = f"sealed:{hashed[:32]}:{hashed}"
        if content in self._texts and self._texts[content][1] is None:
            raise KeyDestroyedError("the key was destroyed")
        if self._texts.setdefault(content, (subject, text)) != (subject, text):
            raise KeyReusedError("key used for another text")
        self._handed_in[content] = self._handed_in.get(content, 0) + 1
        self._sealed_on[content] = self._clock().astimezone(UTC).date()
        return content

    def open(self, content: str, *, reader: str, purpose: str, glass: str = "") -> str:
        """Return the text and record the reading."""
        opaque({"reader": reader})
        stated(purpose)
        subject, text = self._held(content)
        if text is None:
            raise KeyDestroyedError("the key was destroyed")
        self._note(content, subject, reader=reader, purpose=purpose, glass=glass)
        return text

    def turn_away(self, content: str, *, reader: str, purpose: str) -> None:
        """Record that the reader was refused."""
        opaque({"reader": reader})
        stated(purpose)
        subject, _ = self._held(content)
        self._note(content, subject, reader=reader, purpose=purpose, outcome="refused")

    def subject_of(self, content: str) -> str:
        """Return whose content it is."""
        return self._held(content)[0]

    def shred(self, contents: Iterable[str], *, by: str, reason: str) -> int:
        """Forget single texts; their references stay."""
        opaque({"by": by, "reason": reason})
        whole = [c for c in contents if self._texts.get(c, ("", None))[1] is not None]
        for content in whole:
            self._texts[content] = (self._texts[content][0], None)
        return len(whole)

    def withdraw(self, contents: Iterable[str]) -> None:
        """Take back one sealing of each; the last one forgets the text."""
        for content in contents:
            self._handed_in[content] = left = self._handed_in.get(content, 0) - 1
            if left < 1 and self._texts.get(content, ("", None))[1] is not None:
                del self._texts[content]

    def disown(self, contents: Iterable[str], *, by: str) -> None:
        """Do nothing: nobody is kept here."""

    def loose(self, carried: Collection[str], *, before: date) -> tuple[str, ...]:
        """Return what was last sealed before that day and is none of ``carried``."""
        held = {object_id(content) for content in carried}
        return tuple(
            content
            for content, (_, text) in self._texts.items()
            if text is not None
            and self._sealed_on[content] < before
            and object_id(content) not in held
        )

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Forget the subject's texts; their references stay."""
        opaque({"subject": subject, "by": by, "reason": reason})
        self._destroyed.add(subject)
        for content, (owner, _) in self._texts.items():
            if owner == subject:
                self._texts[content] = (subject, None)

    def reads(self, *, subject: str | None = None) -> list[Read]:
        """Return who read what."""
        return [r for r in self._reads if subject in (None, r.subject)]

    def verify_reads(self, *, expected: Head | None = None) -> Verdict:
        """Chain every attempt anew: nobody changes a list in memory."""
        last, rows = GENESIS, []
        for number, read in enumerate(self._reads, 1):
            said = stored_bytes(row_of(read))
            last = chained(last, said)
            rows.append((number, said, last, True))
        return check(rows, expected)

    def _held(self, content: str) -> tuple[str, str | None]:
        object_id(content)
        if content not in self._texts:
            raise UnknownContentError("no such content")
        return self._texts[content]

    def _note(self, content: str, subject: str, **said: Any) -> None:
        read = {"content": content, "subject": subject, "at": self._clock(), **said}
        self._reads.append(Read.model_validate(read))
