"""AES-GCM: nonce and ciphertext in one piece, bound to the place it belongs to."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.vault.port import TamperedError

NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, *, bound: str) -> bytes:
    """Return ``plain`` sealed; it opens only under ``key`` and at ``bound``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def unseal(key: bytes, sealed: bytes, *, bound: str) -> bytes:
    """Return what ``seal`` was given.

    Raises:
        TamperedError: a byte was changed, or key or place is another one.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound.encode())
    except (InvalidTag, ValueError):
        raise TamperedError(
            "密文与其引用、主体或主密钥不符 | "
            "the sealed bytes do not fit their reference, subject or the master key"
        ) from None
