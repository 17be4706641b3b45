"""The keys of payloads: one file a key in a folder of their own, the newest encrypts.

What is written here is who may read what Temporal keeps, not what the vault seals. A
destroyed key leaves its file with the day and without the secret: a tombstone.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from engine.private import NotPrivateError, read_private, write_private
from engine.vault.keys import KEY_BYTES


class PayloadKeyError(Exception):
    """A key is missing, malformed, open to others or still needed; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadKey:
    """A key by its id; ``secret`` is 32 bytes, or nothing once ``destroyed_at`` is set."""

    id: str
    made_at: datetime
    secret: bytes | None = field(default=None, repr=False)
    destroyed_at: datetime | None = None


class Keyring:
    """The keys in a folder; read again whenever a key was added or destroyed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at = -1
        self._keys: dict[str, PayloadKey] = {}

    def keys(self) -> Sequence[PayloadKey]:
        """Return every key, destroyed ones too, oldest first.

        Raises:
            PayloadKeyError: a file is open to others or holds no key.
        """
        if (changed := self._changed()) != self._read_at:
            found = [_read(path) for path in self.folder.glob("*.json")] if changed else []
            self._keys = {k.id: k for k in sorted(found, key=lambda k: (k.made_at, k.id))}
            self._read_at = changed
        return tuple(self._keys.values())

    def find(self, key: str) -> PayloadKey | None:
        """Return the key of that id, if it is or was here."""
        self.keys()
        return self._keys.get(key)

    def newest(self) -> PayloadKey:
        """Return the key that encrypts.

        Raises:
            PayloadKeyError: there is none.
        """
        whole = [key for key in self.keys() if key.secret]
        if not whole:
            raise PayloadKeyError(
                f"{self.folder} 中没有载荷密钥:从运行服务的机器复制,新服务先 keys payload "
                f"rotate | no payload keys in {self.folder}: copy them from the machine that "
                "runs the service; for a new one, taizhang keys payload rotate"
            )
        return whole[-1]

    def ensure(self, now: datetime) -> None:
        """Make the first key where there has never been one."""
        if not self.keys():
            self.rotate(now)

    def rotate(self, now: datetime) -> PayloadKey:
        """Add a key; from now on it encrypts, and those before it decrypt."""
        if known := self.keys():  # a clock set back must not leave the older key encrypting
            now = max(now, known[-1].made_at + timedelta(microseconds=1))
        made = f"{now:%Y%m%d}-{secrets.token_hex(4)}"
        key = PayloadKey(id=made, made_at=now, secret=secrets.token_bytes(KEY_BYTES))
        self._write(key)
        return key

    def destroy(self, key: str, now: datetime) -> None:
        """Overwrite the secret of ``key`` and leave a tombstone. Cannot be undone.

        Raises:
            PayloadKeyError: there is no such key, or it is the one that encrypts.
        """
        self.check_destroyable(key)
        path = self.folder / f"{key}.json"
        with path.open("r+b") as secret:  # held open: blanked once nobody can find it
            self._write(replace(self._keys[key], secret=None, destroyed_at=now))
            secret.write(b" " * os.fstat(secret.fileno()).st_size)
            secret.flush()
            os.fsync(secret.fileno())

    def check_destroyable(self, key: str) -> None:
        """Refuse to destroy what is not there, is gone already, or still encrypts.

        Raises:
            PayloadKeyError: with what to do instead.
        """
        found = self.find(key)
        if found is None:
            raise PayloadKeyError(f"没有载荷密钥 {key} | there is no payload key {key}")
        if found.secret is None:
            raise PayloadKeyError(f"密钥 {key} 早已销毁 | key {key} is destroyed already")
        if found == self.newest():
            raise PayloadKeyError(
                f"密钥 {key} 正在使用,请先 keys payload rotate | "
                f"key {key} is the one that encrypts: taizhang keys payload rotate first"
            )

    def _changed(self) -> int:
        """Return when the folder last changed; 0 when it is not there."""
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _write(self, key: PayloadKey) -> None:
        write_private(self.folder / f"{key.id}.json", json.dumps(_written(key)).encode())
        self._read_at = -1


def _written(key: PayloadKey) -> dict[str, str]:
    said = {"id": key.id, "made_at": key.made_at.isoformat()}
    if key.secret:
        said["secret"] = base64.b64encode(key.secret).decode()
    if key.destroyed_at:
        said["destroyed_at"] = key.destroyed_at.isoformat()
    return said


def _read(path: Path) -> PayloadKey:
    """Return the key in ``path``.

    Raises:
        PayloadKeyError: others may read it, we may not, or it is no key.
    """
    try:
        said = json.loads(read_private(path))
        gone, secret = said.get("destroyed_at"), said.get("secret")
        key = PayloadKey(
            id=said["id"], made_at=datetime.fromisoformat(said["made_at"]),
            secret=base64.b64decode(secret, validate=True) if secret else None,
            destroyed_at=datetime.fromisoformat(gone) if gone else None,
        )  # fmt: skip
    except NotPrivateError as error:
        raise PayloadKeyError(str(error)) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        key = None
    whole = key and (key.destroyed_at if key.secret is None else len(key.secret) == KEY_BYTES)
    if not key or key.id != path.stem or not whole:
        raise PayloadKeyError(
            f"密钥文件 {path} 不是载荷密钥 | key file {path} holds no payload key"
        )
    return key
