"""The master key: from the environment, or a file only its owner can read."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

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
        _make(path)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise MasterKeyError(
                f"密钥文件 {path} 权限为 {mode:04o},请改为 0600 | "
                f"key file {path} has mode {mode:04o}: chmod 600 {path}"
            )
        return decoded(path.read_bytes().decode("ascii", "replace"))
    except OSError as error:
        raise MasterKeyError(
            f"密钥文件 {path} 无法读取 | cannot read key file {path}: {error.strerror}"
        ) from None


def _make(path: Path) -> None:
    """Write a new key beside ``path`` and link it there: whole or not at all, once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
