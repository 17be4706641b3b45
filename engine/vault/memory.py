"""A vault in memory, for tests of what stands on a vault. It hides nothing."""

from __future__ import annotations

import hashlib

from engine.ledger.sql import wall_clock
from engine.vault.port import (
    KeyDestroyedError,
    PurposeMissingError,
    Read,
    UnknownContentError,
    VaultError,
)


class InMemoryVault:
    """Keeps texts by reference, by the same contract as the database."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, str]] = {}
        self._destroyed: set[str] = set()
        self._reads: list[Read] = []

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text``; see ``Vault``."""
        if subject in self._destroyed:
            raise KeyDestroyedError(subject)
        name = f"{subject}|{key or len(self._texts)}"
        hashed = hashlib.sha256(name.encode()).hexdigest()
        content = f"sealed:{hashed[:32]}:{hashed}"
        if self._texts.setdefault(content, (subject, text)) != (subject, text):
            raise VaultError("key used for another text")
        return content

    def open(self, content: str, *, reader: str, purpose: str) -> str:
        """Return the text and record the reading."""
        if not purpose.strip():
            raise PurposeMissingError("say for what purpose you read")
        if content not in self._texts:
            raise UnknownContentError("no such content")
        subject, text = self._texts[content]
        if subject in self._destroyed:
            raise KeyDestroyedError("the key was destroyed")
        self._reads.append(
            Read(
                content=content, subject=subject, reader=reader, purpose=purpose,
                at=wall_clock(),
            )
        )  # fmt: skip
        return text

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Forget the subject's texts."""
        self._destroyed.add(subject)

    def reads(self, *, subject: str | None = None) -> list[Read]:
        """Return who read what."""
        return [r for r in self._reads if subject in (None, r.subject)]
