"""The master key: from the environment, or a file only its owner can read."""

from __future__ import annotations

import base64
import binascii
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.private import NotPrivateError, read_private, write_private

KEY_BYTES = 32


class MasterKeyError(Exception):
    """The master key is missing, malformed, open to others or another one; says what to do."""


def decoded(text: str) -> bytes:
    """Return the key written as base64 in ``text``."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyError(
            "主密钥须为 32 字节的 base64 | the master key is 32 bytes in base64"
        )
    return key


def derived(master: bytes, use: str) -> bytes:
    """Return the key for ``use`` alone, so that no two uses share one."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=use.encode()).derive(master)


def from_file(path: Path) -> bytes:
    """Return the key in ``path``, made on first use with mode 0600.

    Raises:
        MasterKeyError: others may read the file, we may not, or it holds no key.
    """
    if not path.exists():
        made = base64.b64encode(secrets.token_bytes(KEY_BYTES))
        write_private(path, made, replace=False)  # another process was first: its key counts
    try:
        return decoded(read_private(path).decode("ascii", "replace"))
    except NotPrivateError as error:
        raise MasterKeyError(str(error)) from None
    except OSError as error:
        raise MasterKeyError(
            f"密钥文件 {path} 无法读取 | cannot read key file {path}: {error.strerror}"
        ) from None
