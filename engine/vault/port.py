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

from typing import Protocol

from pydantic import AwareDatetime

from engine.record import Record


class VaultError(Exception):
    """Base of everything that goes wrong with the vault; never quotes content."""


class KeyDestroyedError(VaultError):
    """The content can never be read again: its subject's key was destroyed."""


class UnknownContentError(VaultError):
    """The vault holds no object of that reference."""


class PurposeMissingError(VaultError):
    """A sealed object is opened only for a purpose, said in a few words."""


class NotAnIdError(VaultError):
    """Subjects and readers are kept in clear, so they are opaque ids, never names."""


class KeyReusedError(VaultError):
    """A key that makes sealing repeatable stands for one text for ever."""


class TracesLeftError(VaultError):
    """The key is destroyed, but a file may still hold its bytes; destroy it again."""


class TamperedError(VaultError):
    """The sealed bytes do not fit their reference, subject or key."""


class Read(Record):
    """One reading of a sealed object."""

    content: str
    subject: str
    reader: str
    purpose: str
    at: AwareDatetime


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

    def open(self, content: str, *, reader: str, purpose: str) -> str:
        """Return the text behind ``content`` and record the reading.

        Raises:
            KeyDestroyedError, UnknownContentError, PurposeMissingError, TamperedError.
        """

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Destroy the key of ``subject``: its content is gone, references stay valid.

        A second time keeps the record of the first.
        """

    def reads(self, *, subject: str | None = None) -> list[Read]:
        """Return who read what and why, oldest first."""
