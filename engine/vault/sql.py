"""The vault in a database of its own: AES-GCM under a data key per subject."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.record import canonical_json
from engine.text import checked_text
from engine.vault.cipher import seal, unseal
from engine.vault.door import LARGEST_TEXT_BYTES, object_id, opaque, stated
from engine.vault.keys import KEY_BYTES, MasterKeyError, derived
from engine.vault.port import (
    KeyDestroyedError,
    KeyReusedError,
    Read,
    TamperedError,
    UnknownContentError,
)
from engine.vault.schema import CHECK, KEY, OBJECT, READ, clear_traces, opened

WRITE_LOCK = 7_214_003
CHECKED = b"taizhang"


def open_vault(url: str, master: bytes) -> SqlVault:
    """Return the vault at ``url``, its schema brought up to date.

    Raises:
        MasterKeyError: the vault was sealed under another master key.
    """
    vault = SqlVault(opened(url), master)
    vault.check_master()
    return vault


class SqlVault:
    """Sealed objects bound to their id and subject; wrong place, wrong key: no text."""

    def __init__(
        self, engine: sa.Engine, master: bytes, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        self.engine = engine
        self._master = master
        self._naming = derived(master, "object ids")
        self._clock = clock

    def check_master(self) -> None:
        """Refuse a master key that is not the one this vault began with.

        Without this, a mistyped key would seal new subjects that the right one never
        opens.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            sealed = connection.scalar(sa.select(CHECK.c.sealed))
            try:
                if sealed is not None:
                    unseal(self._master, sealed, bound="check")
                    return
                self._unwrap_any(connection)
            except TamperedError:
                raise MasterKeyError(
                    "保密库用的是另一把主密钥,请找回原密钥 | "
                    "the vault was sealed under another master key: bring that one back"
                ) from None
            made = seal(self._master, CHECKED, bound="check")
            connection.execute(sa.insert(CHECK).values(number=1, sealed=made))

    def seal(self, text: str, *, subject: str, by: str, key: str | None = None) -> str:
        """Return a reference to ``text``; see ``Vault``."""
        opaque({"subject": subject, "by": by})
        plain = checked_text(text, limit_bytes=LARGEST_TEXT_BYTES).encode()
        name = self._name(subject, key)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            data_key = self._data_key(connection, subject)
            row = connection.execute(sa.select(OBJECT).where(OBJECT.c.id == name)).first()
            if row is not None:
                if unseal(data_key, row.sealed, bound=f"{name}|{subject}") != plain:
                    raise KeyReusedError(
                        "这个命令号已封存另一内容 | "
                        "this command id already stands for another text"
                    )
                return _reference(name, row.sealed)
            sealed = seal(data_key, plain, bound=f"{name}|{subject}")
            row_of = {"id": name, "subject": subject, "sealed": sealed, "sealed_by": by}
            connection.execute(sa.insert(OBJECT).values(row_of))
            return _reference(name, sealed)

    def open(self, content: str, *, reader: str, purpose: str) -> str:
        """Return the text behind ``content`` and record the reading; see ``Vault``."""
        opaque({"reader": reader})
        reading = {"content": content, "reader": reader, "purpose": stated(purpose)}
        name = object_id(content)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            row = connection.execute(sa.select(OBJECT).where(OBJECT.c.id == name)).first()
            if row is None:
                raise UnknownContentError("没有这个引用 | no such content")
            if _reference(name, row.sealed) != content:
                raise TamperedError("密文被改动 | the sealed bytes were changed")
            data_key = self._data_key(connection, row.subject)
            plain = unseal(data_key, row.sealed, bound=f"{name}|{row.subject}")
            at = self._clock().isoformat()
            connection.execute(
                sa.insert(READ).values({**reading, "subject": row.subject, "at": at})
            )
        return plain.decode()

    def destroy(self, subject: str, *, by: str, reason: str) -> None:
        """Overwrite the key of ``subject`` with nothing, in the files too; see ``Vault``."""
        opaque({"subject": subject, "by": by, "reason": reason})
        at = self._clock().isoformat()
        gone = {"wrapped": None, "destroyed_at": at, "destroyed_by": by, "reason": reason}
        with exclusive(self.engine, WRITE_LOCK) as connection:
            row = connection.execute(sa.select(KEY).where(KEY.c.subject == subject)).first()
            if row is None:
                connection.execute(sa.insert(KEY).values({**gone, "subject": subject}))
            elif row.wrapped is not None:
                connection.execute(sa.update(KEY).where(KEY.c.subject == subject).values(gone))
        clear_traces(self.engine)

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

    def _name(self, subject: str, key: str | None) -> str:
        if key is None:
            return secrets.token_hex(16)
        bound = canonical_json([subject, key]).encode()
        return hmac.new(self._naming, bound, hashlib.sha256).hexdigest()[:32]

    def _unwrap_any(self, connection: sa.Connection) -> None:
        """Try the master key on a subject of a vault older than the check."""
        held = sa.select(KEY.c.subject, KEY.c.wrapped).where(KEY.c.wrapped.is_not(None))
        row = connection.execute(held.limit(1)).first()
        if row is not None:
            unseal(self._master, row.wrapped, bound=f"key|{row.subject}")

    def _data_key(self, connection: sa.Connection, subject: str) -> bytes:
        row = connection.execute(sa.select(KEY).where(KEY.c.subject == subject)).first()
        if row is None:
            data_key = secrets.token_bytes(KEY_BYTES)
            wrapped = seal(self._master, data_key, bound=f"key|{subject}")
            connection.execute(sa.insert(KEY).values(subject=subject, wrapped=wrapped))
            return data_key
        if row.wrapped is None:
            raise KeyDestroyedError("已封存销毁,不可再读 | sealed: the key was destroyed")
        return unseal(self._master, row.wrapped, bound=f"key|{subject}")


def _reference(name: str, sealed: bytes) -> str:
    return f"sealed:{name}:{hashlib.sha256(sealed).hexdigest()}"
