"""The post of a machine without any: digests as JSON lines, one file a day."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine.notices.port import Address


class FilePost:
    """Writes each digest once into ``<folder>/<local day>.jsonl``, on disk when it returns.

    The file says who is meant by id, never by name; only its owner can read it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(
        self, *, key: str, person: str, address: Address, subject: str, body: str
    ) -> None:
        """Write the digest unless its key is there; a line torn by a crash is cut off."""
        day = key.split("/")[1]
        line = {"key": key, "person": person, "day": day, "subject": subject, "body": body}
        with self._locked(f"{day}.jsonl") as file:
            raw = file.read()
            whole = raw[: raw.rfind(b"\n") + 1]
            if key in {json.loads(written)["key"] for written in whole.splitlines()}:
                return
            file.seek(len(whole))
            file.truncate()
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _sync(self._folder)

    @contextmanager
    def _locked(self, name: str) -> Iterator[BinaryIO]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
