"""The master key: from the environment, or a file only its owner can read."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

KEY_BYTES = 32


class MasterKeyError(Exception):
    """The master key is missing, malformed or open to others; says what to do."""


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


def from_file(path: Path) -> bytes:
    """Return the key in ``path``, made on first use with mode 0600.

    Raises:
        MasterKeyError: others may read the file, or it holds no key.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _checked(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
        file.flush()
        os.fsync(descriptor)
    return _checked(path)


def _checked(path: Path) -> bytes:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise MasterKeyError(
            f"密钥文件 {path} 权限为 {mode:04o},请改为 0600 | "
            f"key file {path} has mode {mode:04o}: chmod 600 {path}"
        )
    return decoded(path.read_text("ascii"))
