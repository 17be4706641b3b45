"""An attacker with a full dump of every store, the master key, and the printed links.

It reads files and tables as they lie, knows the keys, and reports every order of answers
it can make out. It shares no code with the stores but the derivation of keys.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Order = list[str]


def tau(seen: Sequence[str], came: Sequence[str]) -> float:
    """Return Kendall's rank correlation of two orders of the same things: -1 to 1."""
    at = {text: number for number, text in enumerate(came)}
    pairs = list(combinations([at[text] for text in seen], 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


def every_byte(folder: Path) -> bytes:
    """Return all that lies in the files below ``folder``, journals and logs included."""
    return b"\n".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def pooled(database: Path, key: bytes, batch: str) -> list[dict[str, str]]:
    """Return the answers of the pool as they lie once decrypted."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (sealed,) = connection.execute("SELECT sealed FROM opinion_pool").fetchone()
    plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], f"pool|{batch}".encode())
    return [{"name": name, **entry} for name, entry in json.loads(plain).items()]


def orders_of_rows(database: Path, names: dict[str, str]) -> Iterator[Order]:
    """Yield the orders in which ``names`` (name to text) lie in a database's file.

    First and last place of each name in the file, and the order in which each table
    gives its rows when nobody asks for one.
    """
    raw = database.read_bytes()
    for find in (raw.find, raw.rfind):
        there = [(find(name.encode()), text) for name, text in names.items()]
        yield [text for at, text in sorted(there) if at >= 0]
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            cells = [str(cell) for row in rows for cell in row]
            found = [names[name] for cell in cells for name in names if name in cell]
            if found:
                yield list(dict.fromkeys(found))
