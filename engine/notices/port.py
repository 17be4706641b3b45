"""What a post is, whoever carries the digests out.

PostError
├── AddressMissingError    nobody wrote down how to reach this person
├── AddressesError         the file of addresses cannot be read
└── UndeliveredError       the receiver's side did not take it
"""

from __future__ import annotations

from typing import Protocol

from pydantic import SecretStr

from engine.record import Content, Record


class PostError(Exception):
    """A digest was not delivered and is tried again; never quotes an address."""


class AddressMissingError(PostError):
    """There is no address for this person."""


class AddressesError(PostError):
    """The file of addresses is missing, malformed or not ours to read."""


class UndeliveredError(PostError):
    """The receiver's side refused the digest or did not answer."""


class Address(Record):
    """How to reach a person; ``name`` lies in the vault and is opened only to address."""

    urls: tuple[SecretStr, ...] = ()
    name: Content | None = None


class Post(Protocol):
    """Carries a digest to a person; the same ``key`` may come again after a crash."""

    def deliver(
        self, *, key: str, person: str, address: Address, subject: str, body: str
    ) -> None:
        """Deliver one digest; ``key`` is its idempotency key and travels with it.

        Raises:
            PostError: it was not delivered, as far as anybody can tell.
        """
