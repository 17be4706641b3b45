"""The vault in a database of its own: AES-GCM under a data key per subject."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.ledger.port import Head, Verdict
from engine.ledger.sql import wall_clock
from engine.record import canonical_json
from engine.text import checked_text
from engine.vault import audit
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
from engine.vault.schema import CHECK, KEY, OBJECT, opened
from engine.vault.traces import clear_at_hand, clear_traces
from engine.vault.withdrawing import disown, loose, reference, withdraw

WRITE_LOCK = 7_214_003
CHECKED = b"taizhang"
GONE = "已封存销毁,不可再读 | sealed: the key was destroyed"


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
                if row.destroyed_at is not None:
                    raise KeyDestroyedError(GONE)
                if unseal(data_key, row.sealed, bound=f"{name}|{subject}") != plain:
                    raise KeyReusedError(
                        "这个命令号已封存另一内容 | "
                        "this command id already stands for another text"
                    )
                again = {"handed_in": row.handed_in + 1, "sealed_on": self._today()}
                connection.execute(sa.update(OBJECT).where(OBJECT.c.id == name).values(again))
                return reference(name, row.sealed)
            sealed = seal(data_key, plain, bound=f"{name}|{subject}")
            row_of = {
                "id": name, "subject": subject, "sealed": sealed, "sealed_by": by,
                "sealed_on": self._today(), "handed_in": 1,
            }  # fmt: skip
            connection.execute(sa.insert(OBJECT).values(row_of))
            return reference(name, sealed)

    def open(self, content: str, *, reader: str, purpose: str, glass: str = "") -> str:
        """Return the text behind ``content`` and record the reading; see ``Vault``."""
        opaque({"reader": reader})
        stated(purpose)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            row = _object(connection, content)
            if row.destroyed_at is not None:
                raise KeyDestroyedError(GONE)
            if reference(row.id, row.sealed) != content:
                raise TamperedError("密文被改动 | the sealed bytes were changed")
            data_key = self._data_key(connection, row.subject)
            plain = unseal(data_key, row.sealed, bound=f"{row.id}|{row.subject}")
            self._note(
                connection, content=content, subject=row.subject, reader=reader,
                purpose=purpose, glass=glass,
            )  # fmt: skip
        return plain.decode()

    def turn_away(self, content: str, *, reader: str, purpose: str) -> None:
        """Record that ``reader`` asked for ``content`` and was refused; see ``Vault``."""
        opaque({"reader": reader})
        stated(purpose)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            self._note(
                connection, content=content, subject=_object(connection, content).subject,
                reader=reader, purpose=purpose, outcome="refused",
            )  # fmt: skip

    def subject_of(self, content: str) -> str:
        """Return the subject under whose key ``content`` was sealed, destroyed or not."""
        with self.engine.connect() as connection:
            return str(_object(connection, content).subject)

    def shred(self, contents: Iterable[str], *, by: str, reason: str) -> int:
        """Overwrite single objects with nothing, in the files too; see ``Vault``."""
        opaque({"by": by, "reason": reason})
        at = self._clock().isoformat()
        gone = {"sealed": b"", "destroyed_at": at, "destroyed_by": by, "reason": reason}
        whole = OBJECT.c.destroyed_at.is_(None)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            count = sum(
                connection.execute(
                    sa.update(OBJECT).where(OBJECT.c.id == object_id(c), whole).values(gone)
                ).rowcount
                for c in contents
            )
        clear_traces(self.engine)
        return count

    def withdraw(self, contents: Iterable[str]) -> None:
        """Take back one sealing of each; see ``Vault``."""
        if not (sealed := tuple(contents)):
            return  # most refused commands have no text
        with exclusive(self.engine, WRITE_LOCK) as connection:
            for content in sealed:
                withdraw(connection, object_id(content))
        clear_at_hand(self.engine)

    def disown(self, contents: Iterable[str], *, by: str) -> None:
        """Let ``by`` stand for whoever sealed ``contents``; see ``Vault``."""
        opaque({"by": by})
        with exclusive(self.engine, WRITE_LOCK) as connection:
            changed = [disown(connection, object_id(content), by) for content in contents]
        if any(changed):
            clear_traces(self.engine)

    def loose(self, carried: Collection[str], *, before: date) -> tuple[str, ...]:
        """Return what was last sealed before that day and is not ``carried``."""
        with self.engine.connect() as connection:
            return tuple(loose(connection, carried, before))

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
        """Return who read or asked for what and why, oldest first."""
        with self.engine.connect() as connection:
            return audit.reads(connection, subject)

    def verify_reads(self, *, expected: Head | None = None) -> Verdict:
        """Recompute the chain over every attempt to read."""
        with self.engine.connect() as connection:
            return audit.verify(connection, expected)

    def _note(self, connection: sa.Connection, **said: Any) -> None:
        audit.note(connection, Read.model_validate({**said, "at": self._clock()}))

    def _today(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()

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
            raise KeyDestroyedError(GONE)
        return unseal(self._master, row.wrapped, bound=f"key|{subject}")


def _object(connection: sa.Connection, content: str) -> sa.Row[Any]:
    """Return the row of an object.

    Raises:
        UnknownContentError: there is none.
    """
    row = connection.execute(sa.select(OBJECT).where(OBJECT.c.id == object_id(content))).first()
    if row is None:
        raise UnknownContentError("没有这个引用 | no such content")
    return row
