"""What a plugin keeps of a unit: facts in the order they came, each key once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

F = TypeVar("F", bound=BaseModel)
S = TypeVar("S")
A = TypeVar("A", bound=BaseModel)

WAITS_S = 15
TABLE = (
    "CREATE TABLE IF NOT EXISTS fact"
    " (position INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT, data TEXT)"
)


class FactFile(Generic[F, S]):
    """A file of facts in a folder of the plugin's own, and the state they add up to.

    Whoever writes has the file alone until it is written: what was checked still holds.

    Args:
        path: The file, made when it is first needed; its folder has to be there.
        shapes: Every kind of fact by its name, which is kept for ever.
        fold: Facts in their order to the state.
    """

    def __init__(
        self, path: Path, shapes: Mapping[str, type[F]], fold: Callable[[Iterator[F]], S]
    ) -> None:
        self._path = path
        self._shapes = shapes
        self._fold = fold
        self._names: dict[type[BaseModel], str] = {s: name for name, s in shapes.items()}

    def state(self) -> S:
        """Return what the facts add up to."""
        with self._alone() as database:
            return self._fold(self._facts(database))

    def ask(self, fact: A, check: Callable[[S, A], None]) -> None:
        """Write down what a person asks if ``check`` lets it pass.

        Raises:
            Exception: whatever ``check`` raises; nothing is written.
        """
        with self._alone() as database:
            check(self._fold(self._facts(database)), fact)
            self._insert(database, fact, None)

    def note(self, fact: F, *, key: str) -> None:
        """Write down what the ledger says, unless its ``key`` is there already."""
        with self._alone() as database:
            self._insert(database, fact, key)

    def _facts(self, database: sqlite3.Connection) -> Iterator[F]:
        for kind, data in database.execute("SELECT kind, data FROM fact ORDER BY position"):
            yield self._shapes[kind].model_validate_json(data)

    def _insert(self, database: sqlite3.Connection, fact: BaseModel, key: str | None) -> None:
        row = (key, self._names[type(fact)], fact.model_dump_json())
        database.execute("INSERT OR IGNORE INTO fact (key, kind, data) VALUES (?, ?, ?)", row)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        connected = sqlite3.connect(self._path, isolation_level=None, timeout=WAITS_S)
        with closing(connected) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                database.execute(TABLE)
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
