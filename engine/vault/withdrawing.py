"""Objects that nothing stands on: taken back at once, or found when nobody came for them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa

from engine.vault.door import object_id
from engine.vault.schema import OBJECT

WHOLE = OBJECT.c.destroyed_at.is_(None)


def reference(name: str, sealed: bytes) -> str:
    """Return what stands for an object outside."""
    return f"sealed:{name}:{hashlib.sha256(sealed).hexdigest()}"


def withdraw(connection: sa.Connection, name: str) -> None:
    """Count one sealing less; the last one goes with its row, but for a tombstone."""
    whole = sa.and_(OBJECT.c.id == name, WHOLE)
    connection.execute(sa.delete(OBJECT).where(whole, OBJECT.c.handed_in <= 1))
    less = {"handed_in": OBJECT.c.handed_in - 1}
    connection.execute(sa.update(OBJECT).where(whole).values(less))


def disown(connection: sa.Connection, name: str, by: str) -> bool:
    """Write ``by`` as who sealed an object; say whether another stood there."""
    other = sa.update(OBJECT).where(OBJECT.c.id == name, OBJECT.c.sealed_by != by)
    return bool(connection.execute(other.values(sealed_by=by)).rowcount)


def loose(connection: sa.Connection, carried: Collection[str], before: date) -> Iterator[str]:
    """Yield what is whole, was last sealed before that day, and is none of ``carried``."""
    held = {object_id(content) for content in carried}
    old = sa.select(OBJECT.c.id).where(WHOLE, OBJECT.c.sealed_on < before.isoformat())
    for name in connection.scalars(old.order_by(OBJECT.c.id)).all():
        if name not in held:
            sealed = sa.select(OBJECT.c.sealed).where(OBJECT.c.id == name)
            yield reference(name, connection.scalar(sealed) or b"")
