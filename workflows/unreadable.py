"""A payload that could not be decrypted, as it travels on inside a process.

The codec does not know what a payload is for, so it never refuses: it hands on this mark,
and whoever needs the value refuses it. At the door that costs the sender an answer; in the
middle of a history the task is tried again until the key is there.
"""

from __future__ import annotations

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

from engine.record import Record
from engine.vault.unreadable import WORDS, PayloadUnreadableError, Why

MARK = "binary/unreadable"
NAMES = ("why", "key")


class Destroyed(Record):
    """What is left of a value whose key is destroyed (已销毁)."""

    key: str


def marked(why: Why, key: str) -> Payload:
    """Return the mark of a payload that cannot be read."""
    return Payload(
        metadata={"encoding": MARK.encode(), "why": why.encode(), "key": key.encode()}
    )


def unreadable(payload: Payload) -> PayloadUnreadableError | None:
    """Return why ``payload`` cannot be read; None for one that can.

    A mark that came from outside says nothing sensible, and is refused like any other.
    """
    if payload.metadata.get("encoding") != MARK.encode():
        return None
    why, key = (payload.metadata.get(name, b"").decode("utf-8", "replace") for name in NAMES)
    return PayloadUnreadableError(why if why in WORDS else "refused", key)


class UnreadableConverter(EncodingPayloadConverter):
    """Turns the mark into ``Destroyed`` where any value will do, else into its error."""

    @property
    def encoding(self) -> str:
        """Return the encoding of the mark."""
        return MARK

    def to_payload(self, value: Any) -> Payload | None:
        """Return None: nobody sends a mark."""
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Return the tombstone of a destroyed value.

        Raises:
            PayloadUnreadableError: a value of a type is needed, or the key is not destroyed.
        """
        error = unreadable(payload)
        assert error is not None
        if error.why == "destroyed" and type_hint in (None, Any, Destroyed):
            return Destroyed(key=error.key)
        raise error
