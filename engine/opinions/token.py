"""Tokens: short enough to type from paper, too long to guess, and kept nowhere.

A token carries the number of its body, so that no store has to say which token belongs
to which body: a body with one answer and one used token would join the two.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from engine.opinions.refusals import LinkNotValid
from engine.vault.keys import derived

NUMBER_BYTES, CHANCE_BYTES, CHECK_BYTES = 2, 14, 4
GROUP = 4
MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of this room, each for one use, all from the master key."""

    check: bytes
    kept: bytes
    receipt: bytes
    pool: bytes

    @classmethod
    def of(cls, master: bytes) -> Keys:
        """Return the keys that follow from ``master``."""
        uses = ("check", "kept", "receipt", "pool")
        return cls(*(derived(master, f"opinions {use}") for use in uses))


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was read: the number of its body, and what the stores may know of it.

    ``kept`` lies in the store of tokens until the token is used. ``receipt`` names the
    answer for the moment in which nobody knows whether the token is used; then the answer
    gets a name drawn at random.
    """

    body: int
    kept: bytes
    receipt: str


def drawn(keys: Keys, batch: str, body: int) -> str:
    """Return a new token for body number ``body`` as it is printed."""
    chance = body.to_bytes(NUMBER_BYTES, "big") + secrets.token_bytes(CHANCE_BYTES)
    signs = base64.b32encode(chance + _check(keys, batch, chance)).decode()
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def read(keys: Keys, batch: str, written: str) -> Token:
    """Return the token a person typed; case, gaps, dashes and 0 for O do not matter.

    Raises:
        LinkNotValid: it was mistyped, or is of another batch.
    """
    signs = "".join(sign for sign in written.upper() if sign.isalnum()).translate(MISREAD)
    try:
        raw = base64.b32decode(signs)
    except (binascii.Error, ValueError):
        raise LinkNotValid from None
    chance, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
    if len(chance) != NUMBER_BYTES + CHANCE_BYTES:
        raise LinkNotValid
    if not hmac.compare_digest(check, _check(keys, batch, chance)):
        raise LinkNotValid
    return Token(
        body=int.from_bytes(chance[:NUMBER_BYTES], "big"),
        kept=_keyed(keys.kept, batch, chance),
        receipt=_keyed(keys.receipt, batch, chance).hex()[:32],
    )


def _check(keys: Keys, batch: str, chance: bytes) -> bytes:
    """Return what tells a mistyped token from a used one; it entitles to nothing."""
    return _keyed(keys.check, batch, chance)[:CHECK_BYTES]


def _keyed(key: bytes, batch: str, chance: bytes) -> bytes:
    return hmac.new(key, batch.encode() + b"|" + chance, hashlib.sha256).digest()
