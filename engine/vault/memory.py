"""A vault in memory, for tests of what stands on a vault. It hides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from engine.ledger.sql import wall_clock
from engine.record import canonical_json
from engine.text import checked_text
from engine.vault.door import LARGEST_TEXT_BYTES, object_id, opaque, stated
from engine.vault.port import KeyDestroyedError, KeyReusedError, Read, UnknownContentError


class InMemoryVault:
    """Keeps texts by reference, by the same contract as the database."""

    def __init__(self, clock: Callable[[], datetime] = wall_clock) -> None:
        self._texts: dict[str, tuple[str, str | None]] = {}
        self._destroyed: set[str] = set()
        self._reads: list[Read] = []
        self._clock = clock

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text``; see ``Vault``."""
        opaque({"subject": subject, "by": by})
        checked_text(text, limit_bytes=LARGEST_TEXT_BYTES)
        if subject in self._destroyed:
            raise KeyDestroyedError("the key was destroyed")
        name = canonical_json([subject, key, len(self._texts) if key is None else 0])
        hashed = hashlib.sha256(name.encode()).hexdigest()
        content = f"sealed:{hashed[:32]}:{hashed}"
        if self._texts.setdefault(content, (subject, text)) != (subject, text):
            raise KeyReusedError("key used for another text")
        return content

    def open(self, content: str, *, reader: str, purpose: str) -> str:
        """Return the text and record the reading."""
        opaque({"reader": reader})
        stated(purpose)
        object_id(content)
        if content not in self._texts:
            raise UnknownContentError("no such content")
        subject, text = self._texts[content]
        if text is None:
            raise KeyDestroyedError("the key was destroyed")
        at = self._clock()
        self._reads.append(
            Read(content=content, subject=subject, reader=reader, purpose=purpose, at=at)
        )
        return text

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
