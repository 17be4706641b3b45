"""Passwords: what will do, how they are kept, and one check that always costs the same."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.people.refusals import PasswordTooWeak
from engine.text import TextRefusedError, checked_text

LEAST, MOST_BYTES, DIFFERENT = 12, 512, 5


class Passwords:
    """Hashes with Argon2id by the parameters of RFC 9106 for memory-constrained machines."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this password")

    def hashed(self, password: str, *, login: str) -> str:
        """Return what is kept of ``password``.

        Raises:
            PasswordTooWeak: it can be guessed, or it cannot be kept.
        """
        same = _same_everywhere(password)
        if len(same) < LEAST or len(set(same)) < DIFFERENT or login.lower() in same.lower():
            raise PasswordTooWeak(LEAST, MOST_BYTES)
        return self._hasher.hash(same)

    def rehashed(self, password: str) -> str:
        """Return a password that fits, kept by today's parameters, weak or not."""
        return self._hasher.hash(_same_everywhere(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Say whether ``password`` is the one kept; as much work when none is kept."""
        try:
            same = _same_everywhere(password)
        except PasswordTooWeak:
            same, kept = "", None
        try:
            self._hasher.verify(kept or self._nobodys, same)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """Say whether ``kept`` was made by other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def _same_everywhere(password: str) -> str:
    """Return the password alike from every keyboard: full-width and half-width are one."""
    try:
        return unicodedata.normalize("NFKC", checked_text(password, limit_bytes=MOST_BYTES))
    except TextRefusedError:
        raise PasswordTooWeak(LEAST, MOST_BYTES) from None
