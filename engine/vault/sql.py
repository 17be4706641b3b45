"""The vault in a database of its own: AES-GCM under a data key per subject."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.ledger.database import connect, exclusive, migrate
from engine.ledger.sql import wall_clock
from engine.vault.keys import KEY_BYTES
from engine.vault.port import (
    KeyDestroyedError,
    PurposeMissingError,
    Read,
    TamperedError,
    UnknownContentError,
    VaultError,
)

NONCE_BYTES = 12
WRITE_LOCK = 7_214_003
SCRIPTS = Path(__file__).parent / "migrations"

metadata = sa.MetaData()
KEY = sa.Table(
    "vault_key",
    metadata,
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("destroyed_at", sa.String),
    sa.Column("destroyed_by", sa.String),
    sa.Column("reason", sa.String),
)
OBJECT = sa.Table(
    "vault_object",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("subject", sa.String),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("sealed_by", sa.String),
)
READ = sa.Table(
    "vault_read",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", sa.String),
    sa.Column("subject", sa.String),
    sa.Column("reader", sa.String),
    sa.Column("purpose", sa.String),
    sa.Column("at", sa.String),
)


def open_vault(url: str, master: bytes) -> SqlVault:
    """Return the vault at ``url``, its schema brought up to date."""
    engine = connect(url)
    migrate(engine, SCRIPTS, "vault_version")
    return SqlVault(engine, master)


def _seal(key: bytes, plain: bytes, bound: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def _unseal(key: bytes, sealed: bytes, bound: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound.encode())
    except InvalidTag:
        raise TamperedError(
            "密文与其引用、主体或主密钥不符 | "
            "the sealed bytes do not fit their reference, subject or the master key"
        ) from None


class SqlVault:
    """Sealed objects bound to their id and subject; wrong place, wrong key: no text."""

    def __init__(self, engine: sa.Engine, master: bytes) -> None:
        self.engine = engine
        self._master = master

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text``; see ``Vault``."""
        object_id = self._object_id(subject, key)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            data_key = self._data_key(connection, subject)
            row = connection.execute(sa.select(OBJECT).where(OBJECT.c.id == object_id)).first()
            if row is not None:
                if _unseal(data_key, row.sealed, f"{object_id}|{subject}") != text.encode():
                    raise VaultError("这个命令号已封存另一内容 | key used for another text")
                return _reference(object_id, row.sealed)
            sealed = _seal(data_key, text.encode(), f"{object_id}|{subject}")
            connection.execute(
                sa.insert(OBJECT).values(
                    id=object_id, subject=subject, sealed=sealed, sealed_by=by
                )
            )
            return _reference(object_id, sealed)

    def open(self, content: str, *, reader: str, purpose: str) -> str:
        """Return the text behind ``content`` and record the reading; see ``Vault``."""
        if not purpose.strip():
            raise PurposeMissingError("请说明查阅目的 | say for what purpose you read")
        with exclusive(self.engine, WRITE_LOCK) as connection:
            object_id, hashed = content.split(":")[1:]
            row = connection.execute(sa.select(OBJECT).where(OBJECT.c.id == object_id)).first()
            if row is None:
                raise UnknownContentError("没有这个引用 | no such content")
            if hashlib.sha256(row.sealed).hexdigest() != hashed:
                raise TamperedError("密文被改动 | the sealed bytes were changed")
            data_key = self._data_key(connection, row.subject)
            text = _unseal(data_key, row.sealed, f"{object_id}|{row.subject}").decode()
            connection.execute(
                sa.insert(READ).values(
                    content=content, subject=row.subject, reader=reader, purpose=purpose,
                    at=wall_clock().isoformat(),
                )
            )  # fmt: skip
            return text

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Overwrite the key of ``subject`` with nothing; see ``Vault``."""
        gone = {
            "wrapped": None,
            "destroyed_at": wall_clock().isoformat(),
            "destroyed_by": by,
            "reason": reason,
        }
        with exclusive(self.engine, WRITE_LOCK) as connection:
            known = connection.scalar(sa.select(KEY.c.subject).where(KEY.c.subject == subject))
            if known is None:
                connection.execute(sa.insert(KEY).values(subject=subject, **gone))
            else:
                connection.execute(sa.update(KEY).where(KEY.c.subject == subject).values(gone))

    def reads(self, *, subject: str | None = None) -> list[Read]:
        """Return who read what and why, oldest first."""
        query = sa.select(READ).order_by(READ.c.number)
        if subject is not None:
            query = query.where(READ.c.subject == subject)
        with self.engine.connect() as connection:
            return [
                Read(
                    content=row.content, subject=row.subject, reader=row.reader,
                    purpose=row.purpose, at=datetime.fromisoformat(row.at),
                )
                for row in connection.execute(query)
            ]  # fmt: skip

    def _object_id(self, subject: str, key: str | None) -> str:
        if key is None:
            return secrets.token_hex(16)
        bound = f"{subject}|{key}".encode()
        return hmac.new(self._master, bound, hashlib.sha256).hexdigest()[:32]

    def _data_key(self, connection: sa.Connection, subject: str) -> bytes:
        row = connection.execute(sa.select(KEY).where(KEY.c.subject == subject)).first()
        if row is None:
            data_key = secrets.token_bytes(KEY_BYTES)
            wrapped = _seal(self._master, data_key, f"key|{subject}")
            connection.execute(sa.insert(KEY).values(subject=subject, wrapped=wrapped))
            return data_key
        if row.wrapped is None:
            raise KeyDestroyedError("已封存销毁,不可再读 | sealed: the key was destroyed")
        return _unseal(self._master, row.wrapped, f"key|{subject}")


def _reference(object_id: str, sealed: bytes) -> str:
    return f"sealed:{object_id}:{hashlib.sha256(sealed).hexdigest()}"
