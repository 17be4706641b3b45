"""Files that are their owner's alone: written whole or not at all, read only when private."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


class NotPrivateError(Exception):
    """Others may read the file; says so in both languages, and what to do."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            f"文件 {path} 权限为 {mode:04o},请改为 0600 | "
            f"file {path} has mode {mode:04o}: chmod 600 {path}"
        )


def read_private(path: Path) -> bytes:
    """Return what ``path`` holds.

    Raises:
        NotPrivateError: others may read it.
        OSError: we may not, or it is not there.
    """
    if (mode := stat.S_IMODE(path.stat().st_mode)) & OTHERS:
        raise NotPrivateError(path, mode)
    return path.read_bytes()


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Put ``content`` at ``path``, safe from a power cut, with mode 0600.

    Without ``replace`` the first of several writers counts, and no later one.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if replace:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _kept(path.parent)


def _kept(folder: Path) -> None:
    """Let the folder's entry outlive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
