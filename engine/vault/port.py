"""What a vault is, whoever keeps it.

VaultError
├── KeyDestroyedError      the subject's key is gone, the content with it
├── UnknownContentError    no such object
├── PurposeMissingError    a reader has to say why
├── NotAnIdError           a name where an opaque id belongs
├── KeyReusedError         the same idempotency key, another text
├── TracesLeftError        destroyed, but bytes of the key may be left in a file
└── TamperedError          the sealed bytes were changed or moved
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal, Protocol

from pydantic import AwareDatetime

from engine.ledger.port import Head, Verdict
from engine.record import Record


class VaultError(Exception):
    """Base of everything that goes wrong with the vault; never quotes content."""


class KeyDestroyedError(VaultError):
    """The content can never be read again: its subject's key was destroyed."""


class UnknownContentError(VaultError):
    """The vault holds no object of that reference."""


class PurposeMissingError(VaultError):
    """A sealed object is opened only for one of ``engine.vault.purposes``."""


class NotAnIdError(VaultError):
    """Subjects and readers are kept in clear, so they are opaque ids, never names."""


class KeyReusedError(VaultError):
    """A key that makes sealing repeatable stands for one text for ever."""


class TracesLeftError(VaultError):
    """The key is destroyed, but a file may still hold its bytes; destroy it again."""


class TamperedError(VaultError):
    """The sealed bytes do not fit their reference, subject or key."""


class Read(Record):
    """One attempt to read a sealed object; ``glass`` is the grant it was opened under."""

    content: str
    subject: str
    reader: str
    purpose: str
    at: AwareDatetime
    outcome: Literal["opened", "refused"] = "opened"
    glass: str = ""


class Vault(Protocol):
    """Takes text in and gives a reference; gives text out and keeps who read it.

    ``subject``, ``by``, ``reader`` and ``reason`` are opaque ids (``record.Id``) and
    refused with ``NotAnIdError`` otherwise.
    """

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text`` under the key of ``subject``.

        The same ``key`` (such as a command id and a field) gives the same reference
        again, so that a command sent twice is the same command.

        Raises:
            KeyDestroyedError: the key of ``subject`` was destroyed.
            KeyReusedError: ``key`` was used for another text.
            TextRefusedError: no store can keep the text.
        """

    def open(self, content: str, *, reader: str, purpose: str, glass: str = "") -> str:
        """Return the text behind ``content``; the reading is on record before it comes out.

        Raises:
            KeyDestroyedError, UnknownContentError, PurposeMissingError, TamperedError.
        """

    def turn_away(self, content: str, *, reader: str, purpose: str) -> None:
        """Record that ``reader`` asked for ``content`` and was refused.

        Raises:
            UnknownContentError, PurposeMissingError.
        """

    def subject_of(self, content: str) -> str:
        """Return the subject under whose key ``content`` was sealed, destroyed or not.

        Raises:
            UnknownContentError: no such object.
        """

    def shred(self, contents: Iterable[str], *, by: str, reason: str) -> int:
        """Destroy single objects; return how many there were left to destroy.

        Their references stay; a second time keeps the record of the first.
        """

    def withdraw(self, contents: Iterable[str]) -> None:
        """Take back one sealing of each; what nobody else has sealed is as if it never was.

        For texts of a command that was refused: it can be handed in again under its id.
        What two have sealed by one key, or one twice, stays until both have taken it back.
        """

    def disown(self, contents: Iterable[str], *, by: str) -> None:
        """Let ``by`` stand for whoever sealed ``contents``, in the files too."""

    def loose(self, carried: Collection[str], *, before: date) -> tuple[str, ...]:
        """Return what was last sealed before that day and is none of ``carried``."""

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Destroy the key of ``subject``: its content is gone, references stay valid.

        A second time keeps the record of the first.
        """

    def reads(self, *, subject: str | None = None) -> list[Read]:
        """Return who read or asked for what and why, oldest first."""

    def verify_reads(self, *, expected: Head | None = None) -> Verdict:
        """Recompute the chain over every attempt to read."""
