"""A post that says what it would do and does nothing."""

from __future__ import annotations

from collections.abc import Callable

from engine.notices.port import Address


class SimulatedPost:
    """Tells each digest once, by key, person and subject; delivers nothing."""

    def __init__(self, told: Callable[[str, str, str], None]) -> None:
        self._told = told
        self._seen: set[str] = set()

    def deliver(
        self, *, key: str, person: str, address: Address, subject: str, body: str
    ) -> None:
        """Tell what would be delivered, unless it was told before."""
        if key not in self._seen:
            self._seen.add(key)
            self._told(key, person, subject)
