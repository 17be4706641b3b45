"""The unused tokens of each batch, in one row that is rewritten whole.

One row, because rows would lie in the order in which tokens were used. A used token is
not marked but gone: no dump has anything of it that could be joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.opinions.bare import opened, put
from engine.opinions.refusals import LinkUsed

SCRIPTS = Path(__file__).parent / "migrations"
WRITE_LOCK = 7_214_011
HASH_BYTES = 32

metadata = sa.MetaData()
SET = sa.Table(
    "token_set",
    metadata,
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("unused", sa.LargeBinary),
)


def open_tokens(url: str) -> Tokens:
    """Return the store of tokens at ``url``, its schema brought up to date."""
    return Tokens(opened(url, SCRIPTS, "token_version"))


class Tokens:
    """Hashes of tokens that may still be used; nothing of those that were."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def add(self, batch: str, kept: Iterable[bytes]) -> None:
        """Let these tokens be used, once each; again changes nothing."""
        with exclusive(self.engine, WRITE_LOCK) as connection:
            put(connection, SET, batch, unused=_packed({*_unused(connection, batch), *kept}))

    @contextmanager
    def using(self, batch: str, kept: bytes) -> Iterator[None]:
        """Use the token up when the block ends well; it stays unused when it does not.

        Nobody else uses a token meanwhile, so that two answers with one token cannot meet.

        Raises:
            LinkUsed: it was used, or the batch is over.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            unused = _unused(connection, batch)
            if kept not in unused:
                raise LinkUsed
            yield
            put(connection, SET, batch, unused=_packed(unused - {kept}))

    def unused(self, batch: str) -> int:
        """Return how many tokens of ``batch`` may still be used."""
        with self.engine.connect() as connection:
            return len(_unused(connection, batch))

    def void(self, batch: str) -> None:
        """Forget every token of ``batch``: from now on none can be used."""
        with exclusive(self.engine, WRITE_LOCK) as connection:
            connection.execute(sa.delete(SET).where(SET.c.batch == batch))


def _unused(connection: sa.Connection, batch: str) -> set[bytes]:
    packed = connection.scalar(sa.select(SET.c.unused).where(SET.c.batch == batch)) or b""
    return {packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)}


def _packed(unused: set[bytes]) -> bytes:
    """Return the hashes sorted: how they lie says nothing about when they came."""
    return b"".join(sorted(unused))
