"""Files that are their owner's alone: written whole or not at all, read only when private.

What others may read and we open ourselves is narrowed without a word; what belongs to
somebody else is left as it is.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
UMASK = 0o077
"""Of processes we start: what they make is their owner's alone."""


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


def own_folder(folder: Path) -> None:
    """Make the data folder, its owner's alone; one that holds more than ours is left alone.

    That is one with the home or the working folder in it, and one that many may write to.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    around = (Path.home(), Path.cwd())
    here = folder.resolve()
    if not any(here in (place, *place.parents) for place in around):
        narrow(folder)


def new_file(path: Path) -> None:
    """Make an empty file before somebody opens it who does not ask for a mode; or narrow it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        narrow(path)


def opener(path: str, flags: int) -> int:
    """Open a file for ``open``; a new one is private, an old one is narrowed."""
    descriptor = os.open(path, flags, 0o600)
    narrow(Path(path))
    return descriptor


def narrow(path: Path) -> None:
    """Take away what others may do with ``path``, if it is there and ours."""
    with suppress(OSError):
        held = path.stat()
        shared = held.st_mode & stat.S_ISVTX
        if held.st_uid == os.geteuid() and held.st_mode & OTHERS and not shared:
            path.chmod(stat.S_IMODE(held.st_mode) & ~OTHERS)


def _kept(folder: Path) -> None:
    """Let the folder's entry outlive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
